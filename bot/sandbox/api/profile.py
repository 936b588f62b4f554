"""The methods of the bot's profile: its name and its descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

_TEXTS = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}


class ProfileMethods:
    """The methods of the bot's profile, whose texts differ by language."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        table: dict[str, Callable[[Call], Awaitable[Any]]] = {
            "setChatMenuButton": _accepted,
            "setMyDefaultAdministratorRights": _accepted,
        }
        for name, field in _TEXTS.items():
            table[f"setMy{name}"] = self._setting(field)
            table[f"getMy{name}"] = self._getting(field)
        return table

    def _setting(self, field: str) -> Callable[[Call], Awaitable[bool]]:
        async def set_text(call: Call) -> bool:
            self._save("profile", f"{field}:{call.text('language_code')}", {field: call.text(field)})
            return True

        return set_text

    def _getting(self, field: str) -> Callable[[Call], Awaitable[dict[str, str]]]:
        async def get_text(call: Call) -> dict[str, str]:
            return {field: profile_text(self._world, field, call.text("language_code"))}

        return get_text

    def _save(self, kind: str, key: str, body: dict[str, Any]) -> None:
        with self._world.store.transaction():
            self._world.store.put(kind, key, body)
        self._world.events.publish_to_all({"kind": "profile"})


async def _accepted(_: Call) -> bool:
    return True


def profile_text(world: World, field: str, language: str) -> str:
    """Return a text of the profile in a language, or the default one."""
    stored = world.store.get("profile", f"{field}:{language}") or world.store.get("profile", f"{field}:") or {}
    return str(stored.get(field) or (world.bot["first_name"] if field == "name" else ""))
