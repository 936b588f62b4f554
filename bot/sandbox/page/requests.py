"""Reads the chat page's requests: the person, the chat, the values of a body."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.actions.destination import Destination
from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.rules.texts import TEXT_LIMIT
from bot.sandbox.world.groups import Group

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, World

_JSON_NEEDED = "The body must be a JSON object."
_TEXT_NEEDED = f"Enter a text of 1-{TEXT_LIMIT} characters."
_NO_PERSON = "There is no such person."
_NO_CHAT = "There is no such chat."
_NO_GROUP = "There is no such group."
_NO_MESSAGE = "There is no such message to reply to."


def http_error(reason: str, kind: type[web.HTTPClientError] = web.HTTPBadRequest) -> web.HTTPClientError:
    """Return an error to raise, with the reason that the page shows."""
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


@contextmanager
def conflict_if_not_allowed() -> Iterator[None]:
    """Answer 409 to an action that Telegram's own apps don't allow."""
    try:
        yield
    except NotAllowedError as error:
        raise http_error(str(error), web.HTTPConflict) from None


async def body_of(request: web.Request) -> dict[str, Any]:
    """Return the JSON object that a request carries."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise http_error(_JSON_NEEDED)
    return body


def text_in(body: dict[str, Any], name: str) -> str:
    """Return a text of a body, empty if it's absent or of another type."""
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def message_text_in(body: dict[str, Any]) -> str:
    """Return the text of a message to send."""
    text = text_in(body, "text")
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise http_error(_TEXT_NEEDED)
    return text


def number_in(body: Mapping[str, Any], name: str, default: int = -1) -> int:
    """Return a whole number of a body, form or query."""
    value = body.get(name)
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def person_in_path(world: World, request: web.Request) -> Person:
    """Return the person in the path."""
    return find_person(world, number_in(request.match_info, "id"))


def find_person(world: World, number: int) -> Person:
    """Return a person by identifier."""
    person = world.people.get(number)
    if person is None:
        raise http_error(_NO_PERSON, web.HTTPNotFound)
    return person


def group_in_path(world: World, request: web.Request) -> Group:
    """Return the group in the path."""
    group = world.groups.get(number_in(request.match_info, "id"))
    if group is None:
        raise http_error(_NO_GROUP, web.HTTPNotFound)
    return group


def chat_in(world: World, person: Person, given: Mapping[str, Any]) -> Chat:
    """Return the chat that a person has open: a group, or the private one with the bot."""
    chat = world.chat(number_in(given, "chat_id", person.id))
    if chat is None or (not isinstance(chat, Group) and chat.id != person.id):
        raise http_error(_NO_CHAT, web.HTTPNotFound)
    return chat


def destination_in(world: World, person: Person, given: Mapping[str, Any]) -> Destination:
    """Return the chat, topic and message that a person writes to."""
    chat = chat_in(world, person, given)
    reply_to, thread = number_in(given, "reply_to_message_id", 0), number_in(given, "message_thread_id", 0)
    stored = world.message(chat.id, reply_to) if reply_to else None
    if reply_to and stored is None:
        raise http_error(_NO_MESSAGE, web.HTTPNotFound)
    return Destination(chat=chat, thread=thread or None, reply_to=stored)
