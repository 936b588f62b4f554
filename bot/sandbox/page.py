"""The browser's half: the chat page and the small JSON API behind it."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox import visitors
from bot.sandbox.bot_profile import commands_for, profile_text
from bot.sandbox.calls import Upload
from bot.sandbox.checks import TEXT_LIMIT
from bot.sandbox.visitors import NotPossibleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.feed import Event
    from bot.sandbox.people import Person
    from bot.sandbox.world import Kept, World

_STATIC = Path(__file__).parent / "static"
_ALIVE_SECONDS = 15
_NAME_LIMIT = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_NAME_NEEDED = f"A name of 1-{_NAME_LIMIT} characters and a language code are needed."
_TEXT_NEEDED = f"A text of 1-{TEXT_LIMIT} characters is needed."
_FILE_NEEDED = "A file is needed."
_BLOCKED_NEEDED = "Say whether the bot is blocked: true or false."
_JSON_NEEDED = "A JSON object is needed."
_NO_BUTTON = "There is no such button any more."
_NOT_FOR_BOT = "This button isn't one that tells the bot."
_NO_FILE = "There is no such file."
_NOBODY = "There is no such person."


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
        return web.json_response({"people": self._world.people_as_json(), "bot": self._world.bot})

    async def _add_person(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name, language = _text(body, "name").strip(), _text(body, "language_code")
        if not 1 <= len(name) <= _NAME_LIMIT or not _LANGUAGE.fullmatch(language):
            raise _refusal(_NAME_NEEDED)
        return web.json_response(visitors.joins(self._world, name, language).as_json(), status=201)

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response(self._chat(self._person(request)))

    async def _say(self, request: web.Request) -> web.Response:
        person, text = self._person(request), _text(await _body(request), "text")
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise _refusal(_TEXT_NEEDED)
        with _words_for_impossible():
            kept = visitors.says(self._world, person, text)
        return web.json_response(kept.as_json(), status=201)

    async def _upload(self, request: web.Request) -> web.Response:
        person, form = self._person(request), await request.post()
        file, caption = form.get("file"), form.get("caption", "")
        if not isinstance(file, web.FileField) or not isinstance(caption, str):
            raise _refusal(_FILE_NEEDED)
        upload = Upload(name=file.filename, mime_type=file.content_type, data=file.file.read())
        with _words_for_impossible():
            kept = visitors.uploads(self._world, person, upload, caption)
        return web.json_response(kept.as_json(), status=201)

    async def _tap(self, request: web.Request) -> web.Response:
        person, body = self._person(request), await _body(request)
        kept = self._world.message(person.id, _number(body, "message_id"))
        button = _button(kept, _number(body, "row"), _number(body, "column")) if kept else None
        if kept is None or button is None:
            raise _refusal(_NO_BUTTON, web.HTTPNotFound)
        if "callback_data" not in button:
            raise _refusal(_NOT_FOR_BOT)
        revision = self._world.revision
        with _words_for_impossible():
            query_id = visitors.taps(self._world, person, kept, button["callback_data"])
        return web.json_response({"query_id": query_id, "revision": revision}, status=201)

    async def _block(self, request: web.Request) -> web.Response:
        person, blocked = self._person(request), (await _body(request)).get("blocked")
        if not isinstance(blocked, bool):
            raise _refusal(_BLOCKED_NEEDED)
        return web.json_response(visitors.blocks(self._world, person, blocked=blocked).as_json())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with self._world.feed.watching(person.id) as events, suppress(ConnectionResetError):
            await _send_event(stream, {"kind": "chat", **self._chat(person), "people": self._world.people_as_json()})
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

    def _chat(self, person: Person) -> Event:
        """Return all that a page needs to begin with, or to go on after it lost the stream."""
        return {
            "messages": [kept.as_json() for kept in self._world.messages(person.id)],
            "answers": list(self._world.answers[person.id]),
            "revision": self._world.revision,
        }

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.get(request.match_info["id"])
        if file is None:
            raise _refusal(_NO_FILE, web.HTTPNotFound)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return web.Response(
            body=self._world.store.contents(file.file_id),
            content_type=file.mime_type if file.is_photo else "application/octet-stream",
            headers={} if file.is_photo else headers,
        )

    async def _commands(self, request: web.Request) -> web.Response:
        person = self._world.people.get(_digits(request.query.get("person", "")))
        if person is None:
            raise _refusal(_NOBODY, web.HTTPNotFound)
        profile = {field: profile_text(self._world, field, person.language_code) for field in ("name", "description")}
        return web.json_response({"commands": commands_for(self._world, person), **profile})

    def _person(self, request: web.Request) -> Person:
        person = self._world.people.get(_digits(request.match_info["id"]))
        if person is None:
            raise _refusal(_NOBODY, web.HTTPNotFound)
        return person


async def _send_event(stream: web.StreamResponse, event: Event) -> None:
    await stream.write(f"data: {json.dumps(event)}\n\n".encode())


def _button(kept: Kept, row: int, column: int) -> dict[str, Any] | None:
    rows = kept.message.get("reply_markup", {}).get("inline_keyboard", [])
    if row not in range(len(rows)) or column not in range(len(rows[row])):
        return None
    button: dict[str, Any] = rows[row][column]
    return button


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _refusal(_JSON_NEEDED)
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) else -1


def _digits(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def _refusal(reason: str, kind: type[web.HTTPClientError] = web.HTTPBadRequest) -> web.HTTPClientError:
    return kind(text=json.dumps({"error": reason}), content_type="application/json")


@contextmanager
def _words_for_impossible() -> Iterator[None]:
    try:
        yield
    except NotPossibleError as error:
        raise _refusal(str(error), web.HTTPConflict) from None
