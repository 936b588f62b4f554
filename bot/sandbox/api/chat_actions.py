"""The method that shows what the bot is doing, such as typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import target_thread, writable_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

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


class ChatActionMethods:
    """The method of chat actions."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"sendChatAction": self._send}

    async def _send(self, call: Call) -> bool:
        action = call.text("action")
        if action not in _ACTIONS:
            raise ApiError(error_messages.ACTION_INVALID)
        chat = writable_chat(self._world, call)
        target_thread(chat, call, None)
        self._world.events.publish_to_chat(chat.id, {"kind": "action", "action": action})
        return True
