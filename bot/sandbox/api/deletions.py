"""The methods that delete messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import find_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.world.groups import ADMINISTRATOR, Group

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import Chat, World

_TWO_DAYS = 48 * 60 * 60


class DeletionMethods:
    """The methods that delete messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"deleteMessage": self._delete, "deleteMessages": self._delete_several}

    async def _delete(self, call: Call) -> bool:
        chat = find_chat(self._world, call)
        stored = self._world.message(chat.id, call.integer("message_id"))
        if stored is None:
            raise ApiError(error_messages.MESSAGE_TO_DELETE_NOT_FOUND)
        if not _can_delete(chat, stored):
            raise ApiError(error_messages.CANNOT_DELETE)
        if self._world.clock() - stored.message["date"] > _TWO_DAYS:
            raise ApiError(error_messages.TOO_OLD_TO_DELETE)
        with self._world.store.transaction():
            self._world.delete(stored)
        return True

    async def _delete_several(self, call: Call) -> bool:
        chat = find_chat(self._world, call)
        found = [self._world.message(chat.id, number) for number in set(call.array("message_ids"))]
        with self._world.store.transaction():
            for stored in filter(None, found):  # Telegram skips what isn't there
                if _can_delete(chat, stored):
                    self._world.delete(stored)
        return True


def _can_delete(chat: Chat, stored: StoredMessage) -> bool:
    return stored.by_bot or not isinstance(chat, Group) or chat.bot_status == ADMINISTRATOR
