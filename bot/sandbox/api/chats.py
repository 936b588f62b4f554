"""The methods that describe chats and their members, and that leave groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import find_chat, writable_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.world.chat_members import chat_member, find_chat_member, queue_member_update
from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, LEFT, Group

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

_DETAILS = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


class ChatMethods:
    """The methods about chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatMemberCount": self._get_count,
            "getChatAdministrators": self._get_administrators,
            "leaveChat": self._leave,
        }

    async def _get_chat(self, call: Call) -> dict[str, Any]:
        chat = find_chat(self._world, call)
        if isinstance(chat, Group):
            chat = writable_chat(self._world, call)
        elif not chat.started:
            raise ApiError(error_messages.CHAT_NOT_FOUND)
        return {**chat.as_chat(), **_DETAILS}

    async def _get_member(self, call: Call) -> dict[str, Any]:
        found = find_chat_member(self._world, writable_chat(self._world, call), call.integer("user_id"))
        if found is None:
            raise ApiError(error_messages.MEMBER_NOT_FOUND)
        return found

    async def _get_count(self, call: Call) -> int:
        chat = writable_chat(self._world, call)
        return len(chat.members) + chat.has_bot if isinstance(chat, Group) else 2

    async def _get_administrators(self, call: Call) -> list[dict[str, Any]]:
        chat = writable_chat(self._world, call)
        if not isinstance(chat, Group):
            raise ApiError(error_messages.NO_ADMINISTRATORS)
        people = [chat_member(self._world.people[number].as_user(), chat.status(number)) for number in chat.members]
        found = [about for about in people if about["status"] in {CREATOR, ADMINISTRATOR}]
        return found + ([chat_member(self._world.bot, ADMINISTRATOR)] if chat.bot_status == ADMINISTRATOR else [])

    async def _leave(self, call: Call) -> bool:
        chat = writable_chat(self._world, call)
        if not isinstance(chat, Group):
            raise ApiError(error_messages.CANNOT_LEAVE_PRIVATE_CHAT)
        with self._world.store.transaction():
            self._world.save_group(replace(chat, bot_status=LEFT))
            self._world.post(chat, self._world.bot, {"left_chat_member": self._world.bot})
            queue_member_update(self._world, chat, self._world.bot, self._world.bot, change=(chat.bot_status, LEFT))
        return True
