"""Inline mode: what people ask the bot from any chat, what it offers, what they choose of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.messages import NotPossibleError, Place, new_query_id, sends
from bot.sandbox.world.inline_message_ids import inline_id

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Kept, World

INLINE_SECONDS = 10

_KEPT_SECONDS = 600
_KIND = "inline_query"
_CACHE = "inline_cache"
_GONE = "These results are gone: ask again."


def asks(world: World, person: Person, place: Place, words: str, offset: str) -> str:
    """Type words after the bot's name and return the number of the query; the results come as an event."""
    query_id = new_query_id()
    query = {
        "person_id": person.id,
        "asked_at": world.clock(),
        "query": words,
        "offset": offset,
    }
    with world.store.together():
        _forget_old(world)
        if (cached := _cached(world, query)) is not None:
            world.store.put(_KIND, query_id, {**query, "answer": cached})
        else:
            world.store.put(_KIND, query_id, query)
            world.updates.add("inline_query", _update(person, place, query_id, query))
    if cached is not None:
        tell_results(world, query_id, person.id, cached)
    return query_id


def _forget_old(world: World) -> None:
    for query_id, query in world.store.all(_KIND).items():
        if world.clock() - query["asked_at"] > _KEPT_SECONDS:
            world.store.remove(_KIND, query_id)
    for key, cached in world.store.all(_CACHE).items():
        if cached["until"] <= world.clock():
            world.store.remove(_CACHE, key)


def _update(person: Person, place: Place, query_id: str, query: dict[str, Any]) -> dict[str, Any]:
    kind = "sender" if place.chat.id == person.id else place.chat.as_chat()["type"]
    about = {"query": query["query"], "offset": query["offset"]}
    return {"id": query_id, "from": person.as_user(), **about, "chat_type": kind}


def open_query(world: World, query_id: str) -> dict[str, Any] | None:
    """Return a query that still waits for its answer, None if there is none or it's too old."""
    query = world.store.get(_KIND, query_id)
    if query is None or "answer" in query or world.clock() - query["asked_at"] > INLINE_SECONDS:
        return None
    return query


def keep_answer(world: World, query_id: str, query: dict[str, Any], answer: dict[str, Any]) -> None:
    """Keep what the bot offers, also for those who ask the same within its cache time."""
    with world.store.together():
        world.store.put(_KIND, query_id, {**query, "answer": answer})
        if answer["cache_time"] > 0:
            until = world.clock() + answer["cache_time"]
            owner = query["person_id"] if answer["is_personal"] else 0
            world.store.put(_CACHE, _cache_key(query, owner), {"until": until, "answer": answer})
    tell_results(world, query_id, query["person_id"], answer)


def _cached(world: World, query: dict[str, Any]) -> dict[str, Any] | None:
    for owner in (query["person_id"], 0):
        kept = world.store.get(_CACHE, _cache_key(query, owner))
        if kept is not None and kept["until"] > world.clock():
            answer: dict[str, Any] = kept["answer"]
            return answer
    return None


def _cache_key(query: dict[str, Any], owner: int) -> str:
    return f"{owner}:{query['offset']}:{query['query']}"


def tell_results(world: World, query_id: str, person_id: int, answer: dict[str, Any]) -> None:
    """Show the person what the bot offers."""
    world.feed.tell_person(person_id, {"kind": "results", "query_id": query_id, **answer})


def results_of(world: World, person: Person, query_id: str) -> dict[str, Any] | None:
    """Return what the bot offered to a person's query, None as long as it hasn't."""
    query = world.store.get(_KIND, query_id)
    return query.get("answer") if query and query["person_id"] == person.id else None


def chooses(world: World, person: Person, place: Place, query_id: str, result_id: str) -> Kept:
    """Send one of the results into a chat by way of the bot."""
    answer = results_of(world, person, query_id) or {"results": []}
    result = next((result for result in answer["results"] if result["id"] == result_id), None)
    query = world.store.get(_KIND, query_id)
    if result is None or query is None:
        raise NotPossibleError(_GONE)
    with world.store.together():
        kept = sends(world, person, {**result["message"], "via_bot": world.bot}, place)
        chosen = {"result_id": result_id, "from": person.as_user(), "query": query["query"]}
        inline = {"inline_message_id": inline_id(kept.chat_id, kept.id)} if "reply_markup" in result["message"] else {}
        world.updates.add("chosen_inline_result", {**chosen, **inline})
    return kept
