"""What people do in their chats: write, send files, tap buttons, block the bot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules.entity_detection import with_found_entities
from bot.sandbox.rules.html_parser import Formatted
from bot.sandbox.rules.keyboards import text_fields
from bot.sandbox.world.chat_members import tell_about
from bot.sandbox.world.files import document_from
from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, KICKED, MEMBER, Group
from bot.sandbox.world.inline_message_ids import inline_id
from bot.sandbox.world.people import Person
from bot.sandbox.world.privacy_mode import bot_hears

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Upload
    from bot.sandbox.world.world import Chat, Kept, World

QUERY_SECONDS = 60

_FIRST_ADDED_ID = 1101
_QUERY_BITS = 62
_UNBLOCK_FIRST = "Unblock the bot first."
_JOIN_FIRST = "Only members write in a group."
_GONE_ON = "This group is a supergroup now."
_NO_TOPIC = "There is no such topic."
_CLOSED = "This topic is closed."


class NotPossibleError(Exception):
    """Something that Telegram's own apps wouldn't let a person do; the argument says why."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something is written: a chat, maybe a topic of it, maybe as a reply."""

    chat: Chat
    thread: int | None = None
    reply_to: Kept | None = None


def joins(world: World, name: str, language_code: str) -> Person:
    """Add somebody who hasn't met the bot yet."""
    first, _, last = name.strip().partition(" ")
    number = max(_FIRST_ADDED_ID, *(known + 1 for known in world.people if known >= _FIRST_ADDED_ID), 0)
    person = Person(id=number, first_name=first, last_name=last.strip(), language_code=language_code)
    with world.store.together():
        world.keep_person(person)
    return person


def says(world: World, person: Person, text: str, place: Place | None = None) -> Kept:
    """Write a text, to the bot unless a place is named; the first one there starts the chat."""
    fields = text_fields("text", "entities", with_found_entities(Formatted(text)))
    with world.store.together():
        return sends(world, person, fields, place)


def uploads(world: World, person: Person, upload: Upload, caption: str, place: Place | None = None) -> Kept:
    """Send a file as a document."""
    file = document_from(upload)
    fields = file.as_media() | text_fields("caption", "caption_entities", with_found_entities(Formatted(caption)))
    with world.store.together():
        world.keep_file(file, upload.data)
        return sends(world, person, fields, place)


def sends(world: World, person: Person, fields: dict[str, Any], place: Place | None = None) -> Kept:
    """Send a message and let the bot know of it if it hears it, inside an open change of the store."""
    place = place or Place(chat=person)
    if isinstance(place.chat, Group):
        fields = fields | _checked_thread(person, place.chat, place.thread)
    else:
        _begins(world, person)
    if place.reply_to:
        fields["reply_to_message"] = place.reply_to.quoted()
    kept = world.post(place.chat, person.as_user(), fields)
    if bot_hears(place.chat, kept, world.bot):
        world.updates.add("message", kept.message)
    return kept


def _begins(world: World, person: Person) -> None:
    if person.blocked:
        raise NotPossibleError(_UNBLOCK_FIRST)
    if not person.started:
        world.keep_person(replace(person, started=True))


def _checked_thread(person: Person, group: Group, thread: int | None) -> dict[str, Any]:
    if group.migrated_to is not None:
        raise NotPossibleError(_GONE_ON)
    if person.id not in group.members:
        raise NotPossibleError(_JOIN_FIRST)
    if thread is None:
        return {}
    topic = group.topics.get(thread)
    if topic is None:
        raise NotPossibleError(_NO_TOPIC)
    if topic.closed and group.status(person.id) not in {ADMINISTRATOR, CREATOR}:
        raise NotPossibleError(_CLOSED)
    return {"message_thread_id": thread, "is_topic_message": True}


def taps(world: World, person: Person, kept: Kept, data: str) -> str:
    """Tap a callback button and return the number of the query that asks the bot about it."""
    if kept.chat_id == person.id and person.blocked:
        raise NotPossibleError(_UNBLOCK_FIRST)
    group = world.groups.get(kept.chat_id)
    if group and person.id not in group.members:
        raise NotPossibleError(_JOIN_FIRST)
    query_id = new_query_id()
    inline = "via_bot" in kept.message
    query = {
        "id": query_id,
        "from": person.as_user(),
        **({"inline_message_id": inline_id(kept.chat_id, kept.id)} if inline else {"message": kept.message}),
        "chat_instance": str(-kept.chat_id),
        "data": data,
    }
    with world.store.together():
        _forget_old_queries(world)
        world.store.put("query", query_id, {"person_id": person.id, "asked_at": world.clock()})
        world.updates.add("callback_query", query)
    return query_id


def new_query_id() -> str:
    """Return a number that nobody guesses, for something that a person asks."""
    return str(secrets.randbits(_QUERY_BITS))


def _forget_old_queries(world: World) -> None:
    for query_id, query in world.store.all("query").items():
        if world.clock() - query["asked_at"] > QUERY_SECONDS:
            world.store.remove("query", query_id)


def blocks(world: World, person: Person, *, blocked: bool) -> Person:
    """Block or unblock the bot, which tells the bot about it."""
    if person.blocked == blocked:
        return person
    changed = replace(person, blocked=blocked)
    before, after = (MEMBER, KICKED) if blocked else (KICKED, MEMBER)
    with world.store.together():
        world.keep_person(changed)
        if changed.started:
            tell_about(world, changed, changed.as_user(), world.bot, change=(before, after))
    return changed
