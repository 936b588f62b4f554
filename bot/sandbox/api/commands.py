"""The methods that set, return and delete the bot's commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.command_scopes import DEFAULT_SCOPE, commands_in_scope, scope_key
from bot.sandbox.api.target_chat import find_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.commands import checked_commands

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

_LANGUAGE = re.compile(r"([a-z]{2})?")


class CommandMethods:
    """The methods of the bot's commands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"setMyCommands": self._set, "getMyCommands": self._get, "deleteMyCommands": self._delete}

    async def _set(self, call: Call) -> bool:
        self._save(call, checked_commands(call))
        return True

    async def _get(self, call: Call) -> list[dict[str, str]]:
        return commands_in_scope(self._world, self._key(call)) or []

    async def _delete(self, call: Call) -> bool:
        self._save(call, [])
        return True

    def _save(self, call: Call, commands: list[dict[str, str]]) -> None:
        key = self._key(call)
        with self._world.store.transaction():
            self._world.store.put("commands", key, {"commands": commands})
        self._world.events.publish_to_all({"kind": "profile"})

    def _key(self, call: Call) -> str:
        scope = call.nested("scope") or DEFAULT_SCOPE
        if not _LANGUAGE.fullmatch(call.text("language_code")):
            raise ApiError(error_messages.LANGUAGE_INVALID)
        if "chat_id" in scope:
            chat = find_chat(self._world, _call_for_chat(call, scope))
            scope = {**scope, "chat_id": chat.id}
        return scope_key(scope, call.text("language_code"))


def _call_for_chat(call: Call, scope: dict[str, Any]) -> Call:
    return type(call)(method=call.method, parameters={"chat_id": str(scope["chat_id"])})
