"""The chat page itself: its files, the people on it, and what the bot offers in a chat."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.actions import people
from bot.sandbox.api.command_scopes import commands_for
from bot.sandbox.api.profile import profile_text
from bot.sandbox.page.requests import body_of, chat_in, find_person, http_error, number_in, person_in_path, text_in

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_STATIC = Path(__file__).parent / "static"
_NAME_LIMIT = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_NAME_NEEDED = f"Enter a name of 1-{_NAME_LIMIT} characters and a language code."
_BLOCKED_NEEDED = "blocked must be true or false."
_NO_FILE = "There is no such file."


class ChatPage:
    """The chat page, on which a developer chats as one person at a time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes of the page, its people and its files."""
        return [
            web.get("/", self._show),
            web.static("/static", _STATIC),
            web.get("/api/people", self._people),
            web.post("/api/people", self._add_person),
            web.post("/api/people/{id}/block", self._set_blocked),
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
            raise http_error(_NAME_NEEDED)
        return web.json_response(people.add_person(self._world, name, language).as_json(), status=201)

    async def _set_blocked(self, request: web.Request) -> web.Response:
        person, blocked = person_in_path(self._world, request), (await body_of(request)).get("blocked")
        if not isinstance(blocked, bool):
            raise http_error(_BLOCKED_NEEDED)
        return web.json_response(people.set_blocked(self._world, person, blocked=blocked).as_json())

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.files.get(request.match_info["id"])
        if file is None:
            raise http_error(_NO_FILE, web.HTTPNotFound)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return web.Response(
            body=self._world.store.contents(file.file_id),
            content_type=file.mime_type if file.is_photo else "application/octet-stream",
            headers={} if file.is_photo else headers,
        )

    async def _commands(self, request: web.Request) -> web.Response:
        person = find_person(self._world, number_in(request.query, "person"))
        chat = chat_in(self._world, person, request.query)
        profile = {field: profile_text(self._world, field, person.language_code) for field in ("name", "description")}
        return web.json_response({"commands": commands_for(self._world, person, chat), **profile})
