"""The methods that edit messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.file_parameter import read_file
from bot.sandbox.api.target_chat import writable_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.call import Call
from bot.sandbox.rules.keyboards import checked_keyboard
from bot.sandbox.rules.texts import checked_caption, checked_text, text_fields
from bot.sandbox.world.inline_message_ids import parse_inline_message_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import World

_MEDIA = ("photo", "document")


class EditMethods:
    """The methods that edit messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "editMessageReplyMarkup": self._edit_keyboard,
        }

    async def _edit_text(self, call: Call) -> Any:  # noqa: ANN401 - a message, or true for one behind an inline result
        fields = text_fields("text", "entities", checked_text(call))
        stored = self._editable(call)
        if "text" not in stored.message:
            raise ApiError(error_messages.NO_TEXT_TO_EDIT)
        preview = call.nested("link_preview_options")
        return self._edit(call, stored, {"entities": None, **fields, "link_preview_options": preview})

    async def _edit_caption(self, call: Call) -> Any:  # noqa: ANN401 - as above
        fields = text_fields("caption", "caption_entities", checked_caption(call))
        stored = self._editable(call)
        if "text" in stored.message:
            raise ApiError(error_messages.NO_CAPTION_TO_EDIT)
        return self._edit(call, stored, {"caption": None, "caption_entities": None, **fields})

    async def _edit_media(self, call: Call) -> Any:  # noqa: ANN401 - as above
        media = call.nested("media")
        if media["type"] not in _MEDIA:
            raise ApiError(error_messages.not_supported(f"editMessageMedia with a media of type {media['type']}"))
        inner = Call(method=call.method, parameters={**media, media["type"]: media["media"]}, files=call.files)
        fields = text_fields("caption", "caption_entities", checked_caption(inner))
        stored = self._editable(call)
        file, contents = read_file(self._world, inner, media["type"])
        gone = dict.fromkeys(("text", "entities", "caption", "caption_entities", *_MEDIA))
        with self._world.store.transaction():
            if contents is not None:
                self._world.save_file(file, contents)
        return self._edit(call, stored, {**gone, **file.as_media(), **fields})

    async def _edit_keyboard(self, call: Call) -> Any:  # noqa: ANN401 - as above
        return self._edit(call, self._editable(call), {})

    def _editable(self, call: Call) -> StoredMessage:
        if call.has("inline_message_id"):
            return self._inline_message(call)
        if not call.integer("message_id"):
            raise ApiError(error_messages.missing_parameter("message_id"))
        stored = self._world.message(writable_chat(self._world, call).id, call.integer("message_id"))
        if stored is None:
            raise ApiError(error_messages.MESSAGE_TO_EDIT_NOT_FOUND)
        if not stored.by_bot:
            raise ApiError(error_messages.CANNOT_EDIT)
        return stored

    def _inline_message(self, call: Call) -> StoredMessage:
        stored = self._world.message(*parse_inline_message_id(call.text("inline_message_id")))
        if stored is None or "via_bot" not in stored.message:
            raise ApiError(error_messages.INLINE_MESSAGE_NOT_FOUND)
        return stored

    def _edit(self, call: Call, stored: StoredMessage, fields: dict[str, Any]) -> dict[str, Any] | bool:
        fields = {**fields, "reply_markup": checked_keyboard(call)}
        if all(stored.message.get(name) == value for name, value in fields.items()):
            raise ApiError(error_messages.NOT_MODIFIED)
        with self._world.store.transaction():
            edited = self._world.edit(stored, fields).message
        return True if call.has("inline_message_id") else edited
