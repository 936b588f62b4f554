"""Add people, and let them block the bot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.world.chat_members import queue_member_update
from bot.sandbox.world.groups import KICKED, MEMBER
from bot.sandbox.world.people import Person

if TYPE_CHECKING:
    from bot.sandbox.world.world import World


_FIRST_ADDED_ID = 1101


def add_person(world: World, name: str, language_code: str) -> Person:
    """Add a person who hasn't started the bot yet."""
    first, _, last = name.strip().partition(" ")
    number = max(_FIRST_ADDED_ID, *(known + 1 for known in world.people if known >= _FIRST_ADDED_ID), 0)
    person = Person(id=number, first_name=first, last_name=last.strip(), language_code=language_code)
    with world.store.transaction():
        world.save_person(person)
    return person


def set_blocked(world: World, person: Person, *, blocked: bool) -> Person:
    """Block or unblock the bot, and queue the update about it."""
    if person.blocked == blocked:
        return person
    changed = replace(person, blocked=blocked)
    before, after = (MEMBER, KICKED) if blocked else (KICKED, MEMBER)
    with world.store.transaction():
        world.save_person(changed)
        if changed.started:
            queue_member_update(world, changed, changed.as_user(), world.bot, change=(before, after))
    return changed
