"""Finds the method that a call names, checks the call and runs the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.api.callback_queries import CallbackQueryMethods
from bot.sandbox.api.chat_actions import ChatActionMethods
from bot.sandbox.api.chats import ChatMethods
from bot.sandbox.api.commands import CommandMethods
from bot.sandbox.api.deletions import DeletionMethods
from bot.sandbox.api.edits import EditMethods
from bot.sandbox.api.inline_queries import InlineQueryMethods
from bot.sandbox.api.messages import MessageMethods
from bot.sandbox.api.pins import PinMethods
from bot.sandbox.api.profile import ProfileMethods
from bot.sandbox.api.updates import UpdateMethods
from bot.sandbox.api.webhook import WebhookMethods
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.schema import bot_api_schema

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World


_PARTS = (
    UpdateMethods,
    WebhookMethods,
    MessageMethods,
    ChatActionMethods,
    EditMethods,
    DeletionMethods,
    PinMethods,
    CallbackQueryMethods,
    InlineQueryMethods,
    ChatMethods,
    CommandMethods,
    ProfileMethods,
)


class Dispatcher:
    """All methods of the sandbox by their names."""

    def __init__(self, world: World) -> None:
        self._world = world
        parts = [part(world) for part in _PARTS]
        table: dict[str, Callable[[Call], Awaitable[Any]]] = {"getMe": self._get_me}
        for part in parts:
            table |= part.methods()
        self._methods = table

    async def dispatch(self, call: Call, notes: list[str]) -> Any:  # noqa: ANN401 - each method has its own kind of result
        """Return a call's result or raise ApiError; append notes for the developer."""
        name = bot_api_schema().method_name(call.method)
        if name is None:
            raise ApiError(error_messages.NOT_FOUND)
        notes += bot_api_schema().check(call)
        method = self._methods.get(name)
        if method is None:
            notes.append(f"the sandbox doesn't support the method {name}")
            raise ApiError(error_messages.not_supported(name))
        return await method(call)

    async def _get_me(self, _: Call) -> dict[str, Any]:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return {**self._world.bot, **abilities}
