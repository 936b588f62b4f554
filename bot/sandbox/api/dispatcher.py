"""The Bot API half: one table of methods, through which every call goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.chats import BotChats
from bot.sandbox.api.commands import BotCommands
from bot.sandbox.api.edits import BotEdits
from bot.sandbox.api.inline_queries import BotQueries
from bot.sandbox.api.messages import BotMessages
from bot.sandbox.api.profile import BotProfile
from bot.sandbox.api.webhook import BotUpdates
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.schema import bot_api

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World


_PARTS = (BotUpdates, BotMessages, BotEdits, BotQueries, BotChats, BotCommands, BotProfile)


class BotApi:
    """Answers the bot's calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        parts = [part(world) for part in _PARTS]
        table: dict[str, Callable[[Call], Awaitable[Any]]] = {"getMe": self._get_me}
        for part in parts:
            table |= part.methods()
        self._methods = table

    async def answer(self, call: Call, notes: list[str]) -> Any:  # noqa: ANN401 - each method has its own kind of result
        """Return a call's result, or refuse it with Telegram's words; note what a developer should know."""
        name = bot_api().name_of(call.method)
        if name is None:
            raise ApiError(error_messages.NOT_FOUND)
        notes += bot_api().check(call)
        method = self._methods.get(name)
        if method is None:
            notes.append(f"{name} is a method of the Bot API that the sandbox doesn't do")
            raise ApiError(error_messages.not_done(name))
        return await method(call)

    async def _get_me(self, _: Call) -> dict[str, Any]:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return {**self._world.bot, **abilities}
