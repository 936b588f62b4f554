"""Messages on the chat page: read them, write them, send files, tap buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.actions import buttons, messages
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
from bot.sandbox.rules.call import Upload
from bot.sandbox.rules.commands import START_PARAMETER

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import World

_CODE_WRONG = "A start code is 1-64 of A-Z, a-z, 0-9, _ and -."
_FILE_NEEDED = "Choose a file."
_NO_BUTTON = "This button no longer exists."
_NOT_A_CALLBACK = "This button doesn't send anything to the bot."


class MessagePage:
    """Messages of one person in one chat."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes under one person; a chat_id names another chat than the private one."""
        return [
            web.post("/api/people/{id}/messages", self._send_text),
            web.post("/api/people/{id}/start", self._start),
            web.post("/api/people/{id}/taps", self._tap_button),
            web.post("/api/people/{id}/files", self._send_document),
        ]

    async def _send_text(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        text, destination = message_text_in(body), destination_in(self._world, person, body)
        with conflict_if_not_allowed():
            stored = messages.send_text(self._world, person, text, destination)
        return web.json_response(stored.as_json(), status=201)

    async def _start(self, request: web.Request) -> web.Response:
        person, code = person_in_path(self._world, request), text_in(await body_of(request), "code")
        if code and not START_PARAMETER.fullmatch(code):
            raise http_error(_CODE_WRONG)
        with conflict_if_not_allowed():
            stored = messages.send_text(self._world, person, f"/start {code}" if code else "/start")
        return web.json_response(stored.as_json(), status=201)

    async def _send_document(self, request: web.Request) -> web.Response:
        person, form = person_in_path(self._world, request), await request.post()
        file, caption = form.get("file"), form.get("caption", "")
        if not isinstance(file, web.FileField) or not isinstance(caption, str):
            raise http_error(_FILE_NEEDED)
        upload = Upload(name=file.filename, mime_type=file.content_type, data=file.file.read())
        destination = destination_in(self._world, person, form)
        with conflict_if_not_allowed():
            stored = messages.send_document(self._world, person, upload, caption, destination)
        return web.json_response(stored.as_json(), status=201)

    async def _tap_button(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        stored = self._world.message(chat_in(self._world, person, body).id, number_in(body, "message_id"))
        button = _button(stored, number_in(body, "row"), number_in(body, "column")) if stored else None
        if stored is None or button is None:
            raise http_error(_NO_BUTTON, web.HTTPNotFound)
        if "callback_data" not in button:
            raise http_error(_NOT_A_CALLBACK)
        revision = self._world.revision
        with conflict_if_not_allowed():
            query_id = buttons.tap_button(self._world, person, stored, button["callback_data"])
        return web.json_response({"query_id": query_id, "revision": revision}, status=201)


def _button(stored: StoredMessage, row: int, column: int) -> dict[str, Any] | None:
    rows = stored.message.get("reply_markup", {}).get("inline_keyboard", [])
    if row not in range(len(rows)) or column not in range(len(rows[row])):
        return None
    button: dict[str, Any] = rows[row][column]
    return button
