"""The methods that send messages and describe files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.file_parameter import read_file
from bot.sandbox.api.target_chat import target_thread, writable_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.keyboards import checked_keyboard
from bot.sandbox.rules.texts import checked_caption, checked_text, text_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.files import SentFile
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import Chat, World


class MessageMethods:
    """The methods that send messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
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
        file, contents = read_file(self._world, call, parameter)
        caption = text_fields("caption", "caption_entities", checked_caption(call))
        return self._send(call, file.as_media() | caption, (file, contents) if contents is not None else None)

    def _send(
        self, call: Call, fields: dict[str, Any], new_file: tuple[SentFile, bytes] | None = None
    ) -> dict[str, Any]:
        chat = writable_chat(self._world, call)
        replied_to = self._replied_to(call, chat)
        if keyboard := checked_keyboard(call):
            fields["reply_markup"] = keyboard
        if replied_to:
            fields["reply_to_message"] = replied_to.as_reply_target()
        if thread := target_thread(chat, call, replied_to):
            fields |= {"message_thread_id": thread, "is_topic_message": True}
        if call.flag("protect_content"):
            fields["has_protected_content"] = True
        with self._world.store.transaction():
            if new_file:
                self._world.save_file(*new_file)
            return self._world.post(chat, self._world.bot, fields).message

    def _replied_to(self, call: Call, chat: Chat) -> StoredMessage | None:
        reply = call.nested("reply_parameters")
        if reply is None:
            return None
        if "message_id" not in reply:
            raise ApiError(error_messages.REPLY_ID_MISSING)
        stored = self._world.message(chat.id, reply["message_id"])
        if stored is None and not reply.get("allow_sending_without_reply"):
            raise ApiError(error_messages.REPLY_TARGET_NOT_FOUND)
        return stored

    async def _get_file(self, call: Call) -> dict[str, Any]:
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise ApiError(error_messages.FILE_ID_INVALID)
        return file.as_file()
