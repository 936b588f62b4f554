"""The methods by which the bot learns about chats, and leaves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import known_chat, reached_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.world.chat_members import member, member_of, tell_about
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


class BotChats:
    """Tells the bot about chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatMemberCount": self._get_count,
            "getChatAdministrators": self._get_administrators,
            "leaveChat": self._leave,
        }

    async def _get_chat(self, call: Call) -> dict[str, Any]:
        chat = known_chat(self._world, call)
        if isinstance(chat, Group):
            chat = reached_chat(self._world, call)
        elif not chat.started:
            raise ApiError(error_messages.NO_CHAT)
        return {**chat.as_chat(), **_DETAILS}

    async def _get_member(self, call: Call) -> dict[str, Any]:
        found = member_of(self._world, reached_chat(self._world, call), call.integer("user_id"))
        if found is None:
            raise ApiError(error_messages.NO_MEMBER)
        return found

    async def _get_count(self, call: Call) -> int:
        chat = reached_chat(self._world, call)
        return len(chat.members) + chat.has_bot if isinstance(chat, Group) else 2

    async def _get_administrators(self, call: Call) -> list[dict[str, Any]]:
        chat = reached_chat(self._world, call)
        if not isinstance(chat, Group):
            raise ApiError(error_messages.NO_ADMINISTRATORS)
        people = [member(self._world.people[number].as_user(), chat.status(number)) for number in chat.members]
        found = [about for about in people if about["status"] in {CREATOR, ADMINISTRATOR}]
        return found + ([member(self._world.bot, ADMINISTRATOR)] if chat.bot_status == ADMINISTRATOR else [])

    async def _leave(self, call: Call) -> bool:
        chat = reached_chat(self._world, call)
        if not isinstance(chat, Group):
            raise ApiError(error_messages.NOT_LEFT)
        with self._world.store.together():
            self._world.keep_group(replace(chat, bot_status=LEFT))
            self._world.post(chat, self._world.bot, {"left_chat_member": self._world.bot})
            tell_about(self._world, chat, self._world.bot, self._world.bot, change=(chat.bot_status, LEFT))
        return True
