"""The methods that pin messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import writable_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.world.groups import ADMINISTRATOR, Group

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import World


class PinMethods:
    """The methods that pin and unpin a message of a group."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"pinChatMessage": self._pin, "unpinChatMessage": self._unpin}

    async def _pin(self, call: Call) -> bool:
        group, stored = self._group(call), self._message(call, error_messages.MESSAGE_TO_PIN_NOT_FOUND)
        if stored.id in group.pinned:
            return True
        with self._world.store.transaction():
            self._world.save_group(replace(group, pinned=(*group.pinned, stored.id)))
            about = {"pinned_message": stored.as_reply_target()}
            thread = {name: stored.message[name] for name in ("message_thread_id",) if name in stored.message}
            self._world.post(group, self._world.bot, {**about, **thread})
        return True

    async def _unpin(self, call: Call) -> bool:
        group, stored = self._group(call), self._message(call, error_messages.MESSAGE_TO_UNPIN_NOT_FOUND)
        if stored.id not in group.pinned:
            raise ApiError(error_messages.MESSAGE_TO_UNPIN_NOT_FOUND)
        with self._world.store.transaction():
            kept = tuple(number for number in group.pinned if number != stored.id)
            self._world.save_group(replace(group, pinned=kept))
        return True

    def _group(self, call: Call) -> Group:
        """Return the group that a call names. As in Telegram's supergroups, members can't pin, unless they are let."""
        chat = writable_chat(self._world, call)
        if not isinstance(chat, Group):
            raise ApiError(error_messages.not_supported(f"{call.method} in a private chat"))
        if chat.bot_status != ADMINISTRATOR:
            raise ApiError(error_messages.CANNOT_PIN)
        return chat

    def _message(self, call: Call, missing: str) -> StoredMessage:
        chat = writable_chat(self._world, call)
        stored = self._world.message(chat.id, call.integer("message_id"))
        if stored is None:
            raise ApiError(missing)
        return stored
