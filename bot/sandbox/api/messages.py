"""The methods by which the bot writes, and by which it fetches files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.file_parameter import sent_file
from bot.sandbox.api.target_chat import reached_chat, thread_of
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.keyboards import checked_caption, checked_keyboard, checked_text, text_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.files import SentFile
    from bot.sandbox.world.world import Chat, Kept, World

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


class BotMessages:
    """Carries out what the bot writes in chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_chat_action,
            "getFile": self._get_file,
        }

    async def _send_message(self, call: Call) -> dict[str, Any]:
        fields = text_fields("text", "entities", checked_text(call))
        if preview := call.nested("link_preview_options"):
            fields["link_preview_options"] = preview
        return self._send(call, fields)

    async def _send_photo(self, call: Call) -> dict[str, Any]:
        return self._send_file(call, "photo")

    async def _send_document(self, call: Call) -> dict[str, Any]:
        return self._send_file(call, "document")

    def _send_file(self, call: Call, parameter: str) -> dict[str, Any]:
        file, contents = sent_file(self._world, call, parameter)
        caption = text_fields("caption", "caption_entities", checked_caption(call))
        return self._send(call, file.as_media() | caption, (file, contents) if contents is not None else None)

    def _send(
        self, call: Call, fields: dict[str, Any], new_file: tuple[SentFile, bytes] | None = None
    ) -> dict[str, Any]:
        chat = reached_chat(self._world, call)
        quoted = self._quoted(call, chat)
        if keyboard := checked_keyboard(call):
            fields["reply_markup"] = keyboard
        if quoted:
            fields["reply_to_message"] = quoted.quoted()
        if thread := thread_of(chat, call, quoted):
            fields |= {"message_thread_id": thread, "is_topic_message": True}
        if call.flag("protect_content"):
            fields["has_protected_content"] = True
        with self._world.store.together():
            if new_file:
                self._world.keep_file(*new_file)
            return self._world.post(chat, self._world.bot, fields).message

    def _quoted(self, call: Call, chat: Chat) -> Kept | None:
        reply = call.nested("reply_parameters")
        if reply is None:
            return None
        if "message_id" not in reply:
            raise ApiError(error_messages.NO_REPLY_ID)
        kept = self._world.message(chat.id, reply["message_id"])
        if kept is None and not reply.get("allow_sending_without_reply"):
            raise ApiError(error_messages.NO_REPLY_TARGET)
        return kept

    async def _send_chat_action(self, call: Call) -> bool:
        if call.text("action") not in _ACTIONS:
            raise ApiError(error_messages.NO_ACTION)
        chat = reached_chat(self._world, call)
        self._world.feed.tell_chat(chat.id, {"kind": "action", "action": call.text("action")})
        return True

    async def _get_file(self, call: Call) -> dict[str, Any]:
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise ApiError(error_messages.WRONG_FILE_ID)
        return file.as_file()
