"""The chat page's live view: the state of a chat, then every change as a server-sent event."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.page.requests import chat_in, number_in, person_in_path

if TYPE_CHECKING:
    from bot.sandbox.world.events import Event
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, World

_KEEPALIVE_SECONDS = 15


class EventStream:
    """A chat as one person sees it, once or live."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes of the messages and of their changes."""
        return [
            web.get("/api/people/{id}/messages", self._messages),
            web.get("/api/people/{id}/events", self._events),
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        person = person_in_path(self._world, request)
        before = number_in(request.query, "before", 0)
        return web.json_response(self._state(person, chat_in(self._world, person, request.query), before))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person = person_in_path(self._world, request)
        chat = chat_in(self._world, person, request.query)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with self._world.events.subscribe(person.id, chat.id) as events, suppress(ConnectionResetError):
            await _send_event(stream, {"kind": "chat", **self._state(person, chat), **self._world.chats_as_json()})
            while not self._world.events.closed:
                try:
                    event = await asyncio.wait_for(events.get(), _KEEPALIVE_SECONDS)
                except TimeoutError:
                    await stream.write(b": keep-alive\n\n")
                    continue
                if event is None:
                    break
                await _send_event(stream, event)
        return stream

    def _state(self, person: Person, chat: Chat, before: int = 0) -> Event:
        """Return what a page needs when it opens a chat or reconnects."""
        return {
            "messages": [stored.as_json() for stored in self._world.messages(chat.id, before)],
            "answers": list(self._world.answers[person.id]),
            "revision": self._world.revision,
        }


async def _send_event(stream: web.StreamResponse, event: Event) -> None:
    await stream.write(f"data: {json.dumps(event)}\n\n".encode())
