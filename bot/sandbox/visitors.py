"""What people do in their chats: write, send files, tap buttons, block the bot."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.entities import with_found_entities
from bot.sandbox.files import document_from
from bot.sandbox.markup import Formatted
from bot.sandbox.people import Person

if TYPE_CHECKING:
    from bot.sandbox.calls import Upload
    from bot.sandbox.world import Kept, World

QUERY_SECONDS = 60

_FIRST_ADDED_ID = 1101
_QUERY_BITS = 62
_UNBLOCK_FIRST = "Unblock the bot first."
_MEMBER, _KICKED = "member", "kicked"


class NotPossibleError(Exception):
    """Something that Telegram's own apps wouldn't let a person do; the argument says why."""


def joins(world: World, name: str, language_code: str) -> Person:
    """Add somebody who hasn't met the bot yet."""
    first, _, last = name.strip().partition(" ")
    number = max(_FIRST_ADDED_ID, *(known + 1 for known in world.people if known >= _FIRST_ADDED_ID), 0)
    person = Person(id=number, first_name=first, last_name=last.strip(), language_code=language_code)
    with world.store.together():
        world.keep_person(person)
    return person


def says(world: World, person: Person, text: str) -> Kept:
    """Send a text to the bot; the first one starts the chat."""
    formatted = with_found_entities(Formatted(text))
    fields: dict[str, Any] = {"text": formatted.text}
    if formatted.entities:
        fields["entities"] = list(formatted.entities)
    with world.store.together():
        return _sends(world, person, fields)


def uploads(world: World, person: Person, upload: Upload, caption: str) -> Kept:
    """Send a file to the bot as a document."""
    file = document_from(upload)
    fields = file.as_media() | ({"caption": caption} if caption else {})
    with world.store.together():
        world.keep_file(file, upload.data)
        return _sends(world, person, fields)


def _sends(world: World, person: Person, fields: dict[str, Any]) -> Kept:
    if person.blocked:
        raise NotPossibleError(_UNBLOCK_FIRST)
    if not person.started:
        person = replace(person, started=True)
        world.keep_person(person)
    kept = world.post(person, person.as_user(), fields)
    world.updates.add("message", kept.message)
    return kept


def taps(world: World, person: Person, kept: Kept, data: str) -> str:
    """Tap a callback button and return the number of the query that asks the bot about it."""
    if person.blocked:
        raise NotPossibleError(_UNBLOCK_FIRST)
    query_id = str(secrets.randbits(_QUERY_BITS))
    query = {
        "id": query_id,
        "from": person.as_user(),
        "message": kept.message,
        "chat_instance": str(-person.id),
        "data": data,
    }
    with world.store.together():
        _forget_old_queries(world)
        world.store.put("query", query_id, {"person_id": person.id, "asked_at": world.clock()})
        world.updates.add("callback_query", query)
    return query_id


def _forget_old_queries(world: World) -> None:
    for query_id, query in world.store.all("query").items():
        if world.clock() - query["asked_at"] > QUERY_SECONDS:
            world.store.remove("query", query_id)


def blocks(world: World, person: Person, *, blocked: bool) -> Person:
    """Block or unblock the bot, which tells the bot about it."""
    if person.blocked == blocked:
        return person
    changed = replace(person, blocked=blocked)
    before, after = (_MEMBER, _KICKED) if blocked else (_KICKED, _MEMBER)
    with world.store.together():
        world.keep_person(changed)
        if changed.started:
            world.updates.add("my_chat_member", _membership(world, changed, before, after))
    return changed


def _membership(world: World, person: Person, before: str, after: str) -> dict[str, Any]:
    return {
        "chat": person.as_chat(),
        "from": person.as_user(),
        "date": int(world.clock()),
        "old_chat_member": _member(world, before),
        "new_chat_member": _member(world, after),
    }


def _member(world: World, status: str) -> dict[str, Any]:
    until = {"until_date": 0} if status == _KICKED else {}
    return {"user": world.bot, "status": status, **until}
