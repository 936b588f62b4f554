"""Lists of commands by scope and language, and the one that a person sees in a chat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, World


DEFAULT_SCOPE = {"type": "default"}


def scope_key(scope: dict[str, Any], language: str) -> str:
    """Return the key that the store keeps a list of commands under."""
    return json.dumps({**scope, "language_code": language}, sort_keys=True)


def commands_in_scope(world: World, key: str) -> list[dict[str, str]] | None:
    """Return the commands set for exactly one scope and language, None if there are none."""
    return (world.store.get("commands", key) or {}).get("commands") or None


def commands_for(world: World, person: Person, chat: Chat) -> list[dict[str, str]]:
    """Return the commands that a person sees in a chat: those of the narrowest scope that has any."""
    language = person.language_code.partition("-")[0]
    keys = (scope_key(scope, code) for scope in _scopes(person, chat) for code in (language, ""))
    return next((found for key in keys if (found := commands_in_scope(world, key))), [])


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
    yield DEFAULT_SCOPE
