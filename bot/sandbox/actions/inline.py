"""Inline mode: ask the bot from any chat, and send one of its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.actions.messages import send_message
from bot.sandbox.world.callback_queries import new_query_id
from bot.sandbox.world.inline_message_ids import inline_message_id
from bot.sandbox.world.inline_queries import (
    cached_answer,
    find_answered_query,
    new_inline_query,
    publish_results,
    save_inline_query,
)

if TYPE_CHECKING:
    from bot.sandbox.actions.destination import Destination
    from bot.sandbox.world.inline_queries import Query
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_EXPIRED = "These results have expired. Ask again."


def send_query(world: World, person: Person, destination: Destination, text: str, offset: str) -> str:
    """Send an inline query and return its identifier; the results are published as an event."""
    query_id, query = new_query_id(), new_inline_query(world, person, text, offset)
    cached = cached_answer(world, query)
    with world.store.transaction():
        if cached is None:
            save_inline_query(world, query_id, query)
            world.updates.add("inline_query", _update(person, destination, query_id, query))
        else:
            save_inline_query(world, query_id, {**query, "answer": cached})
    if cached is not None:
        publish_results(world, query_id, person.id, cached)
    return query_id


def _update(person: Person, destination: Destination, query_id: str, query: Query) -> dict[str, Any]:
    kind = "sender" if destination.chat.id == person.id else destination.chat.as_chat()["type"]
    about = {"query": query["query"], "offset": query["offset"]}
    return {"id": query_id, "from": person.as_user(), **about, "chat_type": kind}


def choose_result(
    world: World, person: Person, destination: Destination, query_id: str, result_id: str
) -> StoredMessage:
    """Send one of the results into a chat via the bot."""
    query = find_answered_query(world, person, query_id)
    results = query["answer"]["results"] if query else []
    result = next((result for result in results if result["id"] == result_id), None)
    if query is None or result is None:
        raise NotAllowedError(_EXPIRED)
    chosen = {"result_id": result_id, "from": person.as_user(), "query": query["query"]}
    with world.store.transaction():
        stored = send_message(world, person, {**result["message"], "via_bot": world.bot}, destination)
        if "reply_markup" in result["message"]:
            chosen["inline_message_id"] = inline_message_id(stored)
        world.updates.add("chosen_inline_result", chosen)
    return stored
