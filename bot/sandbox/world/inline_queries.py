"""Inline queries that wait for an answer, and results kept for their cache time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

INLINE_QUERY_SECONDS = 10

_KEPT_SECONDS = 600
_KIND = "inline_query"
_CACHE = "inline_cache"

Query = dict[str, Any]
Answer = dict[str, Any]


def new_inline_query(world: World, person: Person, text: str, offset: str) -> Query:
    """Return a query as the store keeps it."""
    return {"person_id": person.id, "asked_at": world.clock(), "query": text, "offset": offset}


def save_inline_query(world: World, query_id: str, query: Query) -> None:
    """Save a query and remove expired ones, inside an open transaction of the store."""
    for key, other in world.store.all(_KIND).items():
        if world.clock() - other["asked_at"] > _KEPT_SECONDS:
            world.store.remove(_KIND, key)
    for key, cached in world.store.all(_CACHE).items():
        if cached["until"] <= world.clock():
            world.store.remove(_CACHE, key)
    world.store.put(_KIND, query_id, query)


def find_open_query(world: World, query_id: str) -> Query | None:
    """Return a query that waits for an answer, None if it was answered, is too old or never existed."""
    query = world.store.get(_KIND, query_id)
    if query is None or "answer" in query or world.clock() - query["asked_at"] > INLINE_QUERY_SECONDS:
        return None
    return query


def find_answered_query(world: World, person: Person, query_id: str) -> Query | None:
    """Return a person's query with its answer, None if there is no such query or no answer yet."""
    query = world.store.get(_KIND, query_id)
    return query if query and query["person_id"] == person.id and "answer" in query else None


def save_answer(world: World, query_id: str, query: Query, answer: Answer) -> None:
    """Save the bot's answer, and cache it for equal queries, of all people unless it's personal."""
    with world.store.transaction():
        world.store.put(_KIND, query_id, {**query, "answer": answer})
        if answer["cache_time"] > 0:
            until = world.clock() + answer["cache_time"]
            owner = query["person_id"] if answer["is_personal"] else 0
            world.store.put(_CACHE, _cache_key(query, owner), {"until": until, "answer": answer})
    publish_results(world, query_id, query["person_id"], answer)


def cached_answer(world: World, query: Query) -> Answer | None:
    """Return the cached answer to an equal query, None if there is none."""
    for owner in (query["person_id"], 0):
        stored = world.store.get(_CACHE, _cache_key(query, owner))
        if stored is not None and stored["until"] > world.clock():
            answer: Answer = stored["answer"]
            return answer
    return None


def _cache_key(query: Query, owner: int) -> str:
    return f"{owner}:{query['offset']}:{query['query']}"


def publish_results(world: World, query_id: str, person_id: int, answer: Answer) -> None:
    """Send the results to the pages of the person who asked."""
    world.events.publish_to_person(person_id, {"kind": "results", "query_id": query_id, **answer})
