"""The methods by which the bot changes what was written: editing and deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.file_parameter import sent_file
from bot.sandbox.api.target_chat import known_chat, reached_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.call import Call
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.keyboards import checked_caption, checked_keyboard, checked_text, text_fields
from bot.sandbox.world.groups import ADMINISTRATOR, Group
from bot.sandbox.world.inline_message_ids import place_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.world.world import Chat, Kept, World

_TWO_DAYS = 48 * 60 * 60
_MEDIA = ("photo", "document")


class BotEdits:
    """Carries out what the bot does to messages that are there."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "editMessageReplyMarkup": self._edit_keyboard,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_several,
        }

    async def _edit_text(self, call: Call) -> Any:  # noqa: ANN401 - a message, or true for one behind an inline result
        fields = text_fields("text", "entities", checked_text(call))
        kept = self._editable(call)
        if "text" not in kept.message:
            raise ApiError(error_messages.NO_TEXT_TO_EDIT)
        preview = call.nested("link_preview_options")
        return self._edit(call, kept, {"entities": None, **fields, "link_preview_options": preview})

    async def _edit_caption(self, call: Call) -> Any:  # noqa: ANN401 - as above
        fields = text_fields("caption", "caption_entities", checked_caption(call))
        kept = self._editable(call)
        if "text" in kept.message:
            raise ApiError(error_messages.NO_CAPTION_TO_EDIT)
        return self._edit(call, kept, {"caption": None, "caption_entities": None, **fields})

    async def _edit_media(self, call: Call) -> Any:  # noqa: ANN401 - as above
        media = call.nested("media")
        if media["type"] not in _MEDIA:
            raise ApiError(error_messages.not_done(f"editMessageMedia with a media of type {media['type']}"))
        inner = Call(method=call.method, parameters={**media, media["type"]: media["media"]}, files=call.files)
        fields = text_fields("caption", "caption_entities", checked_caption(inner))
        kept = self._editable(call)
        file, contents = sent_file(self._world, inner, media["type"])
        gone = dict.fromkeys(("text", "entities", "caption", "caption_entities", *_MEDIA))
        with self._world.store.together():
            if contents is not None:
                self._world.keep_file(file, contents)
        return self._edit(call, kept, {**gone, **file.as_media(), **fields})

    async def _edit_keyboard(self, call: Call) -> Any:  # noqa: ANN401 - as above
        return self._edit(call, self._editable(call), {})

    def _editable(self, call: Call) -> Kept:
        if call.has("inline_message_id"):
            return self._behind_inline(call)
        if not call.integer("message_id"):
            raise ApiError(error_messages.missing("message_id"))
        kept = self._world.message(reached_chat(self._world, call).id, call.integer("message_id"))
        if kept is None:
            raise ApiError(error_messages.NOTHING_TO_EDIT)
        if not kept.by_bot:
            raise ApiError(error_messages.NOT_OURS_TO_EDIT)
        return kept

    def _behind_inline(self, call: Call) -> Kept:
        kept = self._world.message(*place_of(call.text("inline_message_id")))
        if kept is None or "via_bot" not in kept.message:
            raise ApiError(error_messages.NO_INLINE_MESSAGE)
        return kept

    def _edit(self, call: Call, kept: Kept, fields: dict[str, Any]) -> dict[str, Any] | bool:
        fields = {**fields, "reply_markup": checked_keyboard(call)}
        if all(kept.message.get(name) == value for name, value in fields.items()):
            raise ApiError(error_messages.NOT_MODIFIED)
        with self._world.store.together():
            edited = self._world.edit(kept, fields).message
        return True if call.has("inline_message_id") else edited

    async def _delete(self, call: Call) -> bool:
        chat = known_chat(self._world, call)
        kept = self._world.message(chat.id, call.integer("message_id"))
        if kept is None:
            raise ApiError(error_messages.NOTHING_TO_DELETE)
        if not _may_delete(chat, kept):
            raise ApiError(error_messages.NOT_OURS_TO_DELETE)
        if self._world.clock() - kept.message["date"] > _TWO_DAYS:
            raise ApiError(error_messages.TOO_OLD_TO_DELETE)
        with self._world.store.together():
            self._world.delete(kept)
        return True

    async def _delete_several(self, call: Call) -> bool:
        chat = known_chat(self._world, call)
        found = [self._world.message(chat.id, number) for number in set(call.listed("message_ids"))]
        with self._world.store.together():
            for kept in filter(None, found):  # Telegram skips what isn't there
                if _may_delete(chat, kept):
                    self._world.delete(kept)
        return True


def _may_delete(chat: Chat, kept: Kept) -> bool:
    return kept.by_bot or not isinstance(chat, Group) or chat.bot_status == ADMINISTRATOR
