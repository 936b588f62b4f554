"""What a bot tells about itself: its commands, its name, its descriptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.checks import checked_commands

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.calls import Call
    from bot.sandbox.people import Person
    from bot.sandbox.world import World

_DEFAULT_SCOPE = {"type": "default"}
_TEXTS = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}


class BotProfile:
    """Keeps what the bot tells about itself, by scope and language."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        table: dict[str, Callable[[Call], Awaitable[Any]]] = {
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "deleteMyCommands": self._delete_commands,
            "setChatMenuButton": _accepted,
            "setMyDefaultAdministratorRights": _accepted,
        }
        for name, field in _TEXTS.items():
            table[f"setMy{name}"] = self._setting(field)
            table[f"getMy{name}"] = self._getting(field)
        return table

    async def _set_commands(self, call: Call) -> bool:
        self._keep("commands", _scope_key(call), {"commands": checked_commands(call)})
        return True

    async def _get_commands(self, call: Call) -> list[dict[str, str]]:
        return commands_at(self._world, _scope_key(call)) or []

    async def _delete_commands(self, call: Call) -> bool:
        self._keep("commands", _scope_key(call), {"commands": []})
        return True

    def _setting(self, field: str) -> Callable[[Call], Awaitable[bool]]:
        async def set_text(call: Call) -> bool:
            self._keep("profile", f"{field}:{call.text('language_code')}", {field: call.text(field)})
            return True

        return set_text

    def _getting(self, field: str) -> Callable[[Call], Awaitable[dict[str, str]]]:
        async def get_text(call: Call) -> dict[str, str]:
            return {field: profile_text(self._world, field, call.text("language_code"))}

        return get_text

    def _keep(self, kind: str, key: str, body: dict[str, Any]) -> None:
        with self._world.store.together():
            self._world.store.put(kind, key, body)
        self._world.feed.tell_everybody({"kind": "profile"})


async def _accepted(_: Call) -> bool:
    return True


def _scope_key(call: Call) -> str:
    return _key(call.nested("scope") or _DEFAULT_SCOPE, call.text("language_code"))


def _key(scope: dict[str, Any], language: str) -> str:
    return json.dumps({**scope, "language_code": language}, sort_keys=True)


def profile_text(world: World, field: str, language: str) -> str:
    """Return a text about the bot in a language, or in the one meant for everybody else."""
    kept = world.store.get("profile", f"{field}:{language}") or world.store.get("profile", f"{field}:") or {}
    return str(kept.get(field) or (world.bot["first_name"] if field == "name" else ""))


def commands_at(world: World, key: str) -> list[dict[str, str]] | None:
    """Return the commands set for exactly one scope and language, None if there are none."""
    return (world.store.get("commands", key) or {}).get("commands") or None


def commands_for(world: World, person: Person) -> list[dict[str, str]]:
    """Return the commands that a person is offered: the narrowest scope that has some wins, as at Telegram."""
    scopes = ({"type": "chat", "chat_id": person.id}, {"type": "all_private_chats"}, _DEFAULT_SCOPE)
    keys = (_key(scope, language) for scope in scopes for language in (person.language_code, ""))
    return next((found for key in keys if (found := commands_at(world, key))), [])
