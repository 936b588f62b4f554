"""The commands that a bot offers: by scope and language, the narrowest first."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.target_chat import known_chat
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.keyboards import checked_commands
from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, Group

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, World

_DEFAULT = {"type": "default"}
_LANGUAGE = re.compile(r"([a-z]{2})?")


class BotCommands:
    """Keeps the bot's commands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {"setMyCommands": self._set, "getMyCommands": self._get, "deleteMyCommands": self._delete}

    async def _set(self, call: Call) -> bool:
        self._keep(call, checked_commands(call))
        return True

    async def _get(self, call: Call) -> list[dict[str, str]]:
        return _commands_at(self._world, self._key(call)) or []

    async def _delete(self, call: Call) -> bool:
        self._keep(call, [])
        return True

    def _keep(self, call: Call, commands: list[dict[str, str]]) -> None:
        key = self._key(call)
        with self._world.store.together():
            self._world.store.put("commands", key, {"commands": commands})
        self._world.feed.tell_everybody({"kind": "profile"})

    def _key(self, call: Call) -> str:
        scope = call.nested("scope") or _DEFAULT
        if not _LANGUAGE.fullmatch(call.text("language_code")):
            raise ApiError(error_messages.WRONG_LANGUAGE)
        if "chat_id" in scope:
            chat = known_chat(self._world, _about_chat(call, scope))
            scope = {**scope, "chat_id": chat.id}
        return _key_of(scope, call.text("language_code"))


def _about_chat(call: Call, scope: dict[str, Any]) -> Call:
    return type(call)(method=call.method, parameters={"chat_id": str(scope["chat_id"])})


def _key_of(scope: dict[str, Any], language: str) -> str:
    return json.dumps({**scope, "language_code": language}, sort_keys=True)


def _commands_at(world: World, key: str) -> list[dict[str, str]] | None:
    """Return the commands set for exactly one scope and language, None if there are none."""
    return (world.store.get("commands", key) or {}).get("commands") or None


def commands_for(world: World, person: Person, chat: Chat) -> list[dict[str, str]]:
    """Return the commands that a person is offered in a chat: the narrowest scope that has some wins."""
    language = person.language_code.partition("-")[0]
    keys = (_key_of(scope, code) for scope in _scopes(person, chat) for code in (language, ""))
    return next((found for key in keys if (found := _commands_at(world, key))), [])


def _scopes(person: Person, chat: Chat) -> Iterator[dict[str, Any]]:
    here = {"chat_id": chat.id}
    if isinstance(chat, Group):
        administers = chat.status(person.id) in {ADMINISTRATOR, CREATOR}
        yield {"type": "chat_member", **here, "user_id": person.id}
        if administers:
            yield {"type": "chat_administrators", **here}
        yield {"type": "chat", **here}
        if administers:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    else:
        yield {"type": "chat", **here}
        yield {"type": "all_private_chats"}
    yield _DEFAULT
