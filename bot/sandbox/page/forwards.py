"""Messages on the chat page that aren't a person's own new word: forwards, edits, messages in another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.actions.edits import edit_text
from bot.sandbox.actions.forwards import forward_message
from bot.sandbox.actions.senders import Name, post_to_channel, send_in_name
from bot.sandbox.page.requests import (
    body_of,
    chat_in,
    conflict_if_not_allowed,
    destination_in,
    http_error,
    message_text_in,
    number_in,
    person_in_path,
    text_in,
)

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_NAMES = {name.value: name for name in Name}
_NAME_NEEDED = f"in_name_of must be one of {', '.join(_NAMES)}."
_NO_MESSAGE = "There is no such message."


class ForwardPage:
    """What one person passes on or changes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes under one person, and that of posts in a channel."""
        return [
            web.post("/api/people/{id}/forwards", self._forward),
            web.post("/api/people/{id}/edits", self._edit),
            web.post("/api/people/{id}/names", self._send_in_name),
            web.post("/api/channel", self._post_to_channel),
        ]

    async def _forward(self, request: web.Request) -> web.Response:
        """Forward `message_id` of `from_chat_id`, where the person has it before them, to the open chat."""
        person, body = person_in_path(self._world, request), await body_of(request)
        source = {"chat_id": number_in(body, "from_chat_id", person.id)}
        stored = self._message(person, source, number_in(body, "message_id"))
        destination, hidden = destination_in(self._world, person, body), body.get("hidden") is True
        with conflict_if_not_allowed():
            forwarded = forward_message(self._world, person, stored, destination, hidden=hidden)
        return web.json_response(forwarded.as_json(), status=201)

    async def _edit(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        stored, text = self._message(person, body, number_in(body, "message_id")), message_text_in(body)
        with conflict_if_not_allowed():
            edited = edit_text(self._world, person, stored, text)
        return web.json_response(edited.as_json())

    async def _send_in_name(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        name, destination = _NAMES.get(text_in(body, "in_name_of")), destination_in(self._world, person, body)
        if name is None:
            raise http_error(_NAME_NEEDED)
        with conflict_if_not_allowed():
            stored = send_in_name(self._world, person, message_text_in(body), destination, name)
        return web.json_response(stored.as_json(), status=201)

    async def _post_to_channel(self, request: web.Request) -> web.Response:
        post_to_channel(self._world, message_text_in(await body_of(request)))
        return web.json_response({}, status=201)

    def _message(self, person: Person, given: dict[str, Any], number: int) -> StoredMessage:
        stored = self._world.message(chat_in(self._world, person, given).id, number)
        if stored is None:
            raise http_error(_NO_MESSAGE, web.HTTPNotFound)
        return stored
