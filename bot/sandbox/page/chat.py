"""The browser's half: the chat page and the small JSON API behind it."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.actions import messages
from bot.sandbox.api.commands import commands_for
from bot.sandbox.api.profile import profile_text
from bot.sandbox.page.requests import (
    body_of,
    chat_in,
    number_in,
    person_at,
    person_of,
    place_in,
    refusal,
    text_in,
    words_for_impossible,
)
from bot.sandbox.rules.call import Upload
from bot.sandbox.rules.keyboards import TEXT_LIMIT
from bot.sandbox.world.people import START_CODE

if TYPE_CHECKING:
    from bot.sandbox.world.events import Event
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Chat, Kept, World

_STATIC = Path(__file__).parent / "static"
_ALIVE_SECONDS = 15
_NAME_LIMIT = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_NAME_NEEDED = f"A name of 1-{_NAME_LIMIT} characters and a language code are needed."
_TEXT_NEEDED = f"A text of 1-{TEXT_LIMIT} characters is needed."
_CODE_WRONG = "A start code is 1-64 of A-Z, a-z, 0-9, _ and -."
_FILE_NEEDED = "A file is needed."
_BLOCKED_NEEDED = "Say whether the bot is blocked: true or false."
_NO_BUTTON = "There is no such button any more."
_NOT_FOR_BOT = "This button isn't one that tells the bot."
_NO_FILE = "There is no such file."


class Page:
    """Serves the chat page, and lets it act for one person at a time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the page's addresses."""
        return [
            web.get("/", self._show),
            web.static("/static", _STATIC),
            web.get("/api/people", self._people),
            web.post("/api/people", self._add_person),
            web.get("/api/people/{id}/messages", self._messages),
            web.post("/api/people/{id}/messages", self._say),
            web.post("/api/people/{id}/start", self._start),
            web.post("/api/people/{id}/taps", self._tap),
            web.post("/api/people/{id}/files", self._upload),
            web.post("/api/people/{id}/block", self._block),
            web.get("/api/people/{id}/events", self._events),
            web.get("/api/files/{id}", self._file),
            web.get("/api/commands", self._commands),
        ]

    async def _show(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "chat.html")

    async def _people(self, _: web.Request) -> web.Response:
        return web.json_response({**self._world.chats_as_json(), "bot": self._world.bot})

    async def _add_person(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        name, language = text_in(body, "name").strip(), text_in(body, "language_code")
        if not 1 <= len(name) <= _NAME_LIMIT or not _LANGUAGE.fullmatch(language):
            raise refusal(_NAME_NEEDED)
        return web.json_response(messages.joins(self._world, name, language).as_json(), status=201)

    async def _messages(self, request: web.Request) -> web.Response:
        person = person_of(self._world, request)
        return web.json_response(self._chat(person, chat_in(self._world, person, request.query)))

    async def _say(self, request: web.Request) -> web.Response:
        person, body = person_of(self._world, request), await body_of(request)
        text, place = text_in(body, "text"), place_in(self._world, person, body)
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise refusal(_TEXT_NEEDED)
        with words_for_impossible():
            kept = messages.says(self._world, person, text, place)
        return web.json_response(kept.as_json(), status=201)

    async def _start(self, request: web.Request) -> web.Response:
        person, code = person_of(self._world, request), text_in(await body_of(request), "code")
        if code and not START_CODE.fullmatch(code):
            raise refusal(_CODE_WRONG)
        with words_for_impossible():
            kept = messages.says(self._world, person, f"/start {code}" if code else "/start")
        return web.json_response(kept.as_json(), status=201)

    async def _upload(self, request: web.Request) -> web.Response:
        person, form = person_of(self._world, request), await request.post()
        file, caption = form.get("file"), form.get("caption", "")
        if not isinstance(file, web.FileField) or not isinstance(caption, str):
            raise refusal(_FILE_NEEDED)
        upload = Upload(name=file.filename, mime_type=file.content_type, data=file.file.read())
        place = place_in(self._world, person, form)
        with words_for_impossible():
            kept = messages.uploads(self._world, person, upload, caption, place)
        return web.json_response(kept.as_json(), status=201)

    async def _tap(self, request: web.Request) -> web.Response:
        person, body = person_of(self._world, request), await body_of(request)
        kept = self._world.message(chat_in(self._world, person, body).id, number_in(body, "message_id"))
        button = _button(kept, number_in(body, "row"), number_in(body, "column")) if kept else None
        if kept is None or button is None:
            raise refusal(_NO_BUTTON, web.HTTPNotFound)
        if "callback_data" not in button:
            raise refusal(_NOT_FOR_BOT)
        revision = self._world.revision
        with words_for_impossible():
            query_id = messages.taps(self._world, person, kept, button["callback_data"])
        return web.json_response({"query_id": query_id, "revision": revision}, status=201)

    async def _block(self, request: web.Request) -> web.Response:
        person, blocked = person_of(self._world, request), (await body_of(request)).get("blocked")
        if not isinstance(blocked, bool):
            raise refusal(_BLOCKED_NEEDED)
        return web.json_response(messages.blocks(self._world, person, blocked=blocked).as_json())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person = person_of(self._world, request)
        chat = chat_in(self._world, person, request.query)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with self._world.feed.watching(person.id, chat.id) as events, suppress(ConnectionResetError):
            await _send_event(stream, {"kind": "chat", **self._chat(person, chat), **self._world.chats_as_json()})
            while not self._world.feed.closed:
                try:
                    event = await asyncio.wait_for(events.get(), _ALIVE_SECONDS)
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                    continue
                if event is None:
                    break
                await _send_event(stream, event)
        return stream

    def _chat(self, person: Person, chat: Chat) -> Event:
        """Return all that a page needs to begin with, or to go on after it lost the stream."""
        return {
            "messages": [kept.as_json() for kept in self._world.messages(chat.id)],
            "answers": list(self._world.answers[person.id]),
            "revision": self._world.revision,
        }

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.get(request.match_info["id"])
        if file is None:
            raise refusal(_NO_FILE, web.HTTPNotFound)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return web.Response(
            body=self._world.store.contents(file.file_id),
            content_type=file.mime_type if file.is_photo else "application/octet-stream",
            headers={} if file.is_photo else headers,
        )

    async def _commands(self, request: web.Request) -> web.Response:
        person = person_at(self._world, number_in(request.query, "person"))
        chat = chat_in(self._world, person, request.query)
        profile = {field: profile_text(self._world, field, person.language_code) for field in ("name", "description")}
        return web.json_response({"commands": commands_for(self._world, person, chat), **profile})


async def _send_event(stream: web.StreamResponse, event: Event) -> None:
    await stream.write(f"data: {json.dumps(event)}\n\n".encode())


def _button(kept: Kept, row: int, column: int) -> dict[str, Any] | None:
    rows = kept.message.get("reply_markup", {}).get("inline_keyboard", [])
    if row not in range(len(rows)) or column not in range(len(rows[row])):
        return None
    button: dict[str, Any] = rows[row][column]
    return button
