"""What the page asks for, read and checked: who acts, where, with what."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.actions.messages import NotPossibleError, Place
from bot.sandbox.world.groups import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, World

_JSON_NEEDED = "A JSON object is needed."
_NOBODY = "There is no such person."
_NO_CHAT = "There is no such chat."
_NO_GROUP = "There is no such group."
_NO_MESSAGE = "There is no such message to reply to."


def refusal(reason: str, kind: type[web.HTTPClientError] = web.HTTPBadRequest) -> web.HTTPClientError:
    """Return an error that the page shows."""
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


@contextmanager
def words_for_impossible() -> Iterator[None]:
    """Tell the page what Telegram's own apps wouldn't let a person do."""
    try:
        yield
    except NotPossibleError as error:
        raise refusal(str(error), web.HTTPConflict) from None


async def body_of(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that a request carries."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise refusal(_JSON_NEEDED)
    return body


def text_in(body: dict[str, Any], name: str) -> str:
    """Return a text of a body, empty if it's absent or something else."""
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def number_in(body: Mapping[str, Any], name: str, default: int = -1) -> int:
    """Return a whole number of a body, form or query."""
    value = body.get(name)
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def person_of(world: World, request: web.Request) -> Person:
    """Return the person whom the address names."""
    return person_at(world, number_in(request.match_info, "id"))


def person_at(world: World, number: int) -> Person:
    """Return a person by number."""
    person = world.people.get(number)
    if person is None:
        raise refusal(_NOBODY, web.HTTPNotFound)
    return person


def group_of(world: World, request: web.Request) -> Group:
    """Return the group that the address names."""
    group = world.groups.get(number_in(request.match_info, "id"))
    if group is None:
        raise refusal(_NO_GROUP, web.HTTPNotFound)
    return group


def chat_in(world: World, person: Person, given: Mapping[str, Any]) -> Chat:
    """Return the chat that somebody looks at: a group, or their own with the bot."""
    chat = world.chat(number_in(given, "chat_id", person.id))
    if chat is None or (not isinstance(chat, Group) and chat.id != person.id):
        raise refusal(_NO_CHAT, web.HTTPNotFound)
    return chat


def place_in(world: World, person: Person, given: Mapping[str, Any]) -> Place:
    """Return where somebody writes."""
    chat = chat_in(world, person, given)
    reply_to, thread = number_in(given, "reply_to_message_id", 0), number_in(given, "message_thread_id", 0)
    kept = world.message(chat.id, reply_to) if reply_to else None
    if reply_to and kept is None:
        raise refusal(_NO_MESSAGE, web.HTTPNotFound)
    return Place(chat=chat, thread=thread or None, reply_to=kept)
