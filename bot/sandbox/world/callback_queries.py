"""Taps on callback buttons that wait for an answer."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

CALLBACK_QUERY_SECONDS = 60

_KIND = "query"
_ID_BITS = 62


def new_query_id() -> str:
    """Return a random identifier for a callback query or an inline query."""
    return str(secrets.randbits(_ID_BITS))


def add_callback_query(world: World, query_id: str, person: Person) -> None:
    """Record a tap and remove expired ones, inside an open transaction of the store."""
    for key, query in world.store.all(_KIND).items():
        if world.clock() - query["asked_at"] > CALLBACK_QUERY_SECONDS:
            world.store.remove(_KIND, key)
    world.store.put(_KIND, query_id, {"person_id": person.id, "asked_at": world.clock()})


def find_callback_query(world: World, query_id: str) -> int | None:
    """Return the person who tapped, None if the query was answered, has expired or never existed."""
    query = world.store.get(_KIND, query_id)
    if query is None or world.clock() - query["asked_at"] > CALLBACK_QUERY_SECONDS:
        return None
    return int(query["person_id"])


def remove_callback_query(world: World, query_id: str) -> None:
    """Remove an answered query, inside an open transaction of the store."""
    world.store.remove(_KIND, query_id)
