"""Taps on callback buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.errors import MEMBERS_ONLY, UNBLOCK_FIRST, NotAllowedError
from bot.sandbox.world.callback_queries import add_callback_query, new_query_id
from bot.sandbox.world.inline_message_ids import inline_message_id

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World


def tap_button(world: World, person: Person, stored: StoredMessage, data: str) -> str:
    """Tap a callback button and return the identifier of the callback query that the bot gets."""
    if stored.chat_id == person.id and person.blocked:
        raise NotAllowedError(UNBLOCK_FIRST)
    group = world.groups.get(stored.chat_id)
    if group and person.id not in group.members:
        raise NotAllowedError(MEMBERS_ONLY)
    query_id = new_query_id()
    query = {"id": query_id, "from": person.as_user(), "chat_instance": str(-stored.chat_id), "data": data}
    with world.store.transaction():
        add_callback_query(world, query_id, person)
        world.updates.add("callback_query", query | _message_field(stored))
    return query_id


def _message_field(stored: StoredMessage) -> dict[str, Any]:
    if "via_bot" in stored.message:
        return {"inline_message_id": inline_message_id(stored)}
    return {"message": stored.message}
