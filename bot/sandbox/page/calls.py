"""The page of calls: the bot's newest calls, and faults to arm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.api.faults import KINDS

if TYPE_CHECKING:
    from bot.sandbox.api.call_log import CallLog
    from bot.sandbox.api.faults import Faults

_STATIC = Path(__file__).parent / "static"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "method": str,
    "times": int,
    "retry_after": int,
    "description": str,
    "seconds": (int, float),
}
_WRONG_FAULT = f"kind must be one of {', '.join(KINDS)}, flood, release; its fields must have the right types."


class CallsPage:
    """The newest calls and the armed faults."""

    def __init__(self, call_log: CallLog, faults: Faults) -> None:
        self._call_log = call_log
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes of calls and faults."""
        return [
            web.get("/calls", self._show),
            web.get("/api/calls", self._calls),
            web.get("/api/faults", self._armed),
            web.post("/api/faults", self._arm),
            web.delete("/api/faults", self._clear),
        ]

    async def _show(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "calls.html")

    async def _calls(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        calls = self._call_log.newest(after=int(after) if after.isascii() and after.isdigit() else 0)
        counts = {"total": self._call_log.total, "refused": self._call_log.refused}
        return web.json_response({"calls": [record.as_json() for record in calls], **counts})

    async def _armed(self, _: web.Request) -> web.Response:
        return self._state()

    async def _arm(self, request: web.Request) -> web.Response:
        fault = await _fault(request)
        match fault.pop("kind"):
            case "flood":
                self._faults.flood.switch(on=fault.get("on") is not False)
            case "release":
                self._faults.release()
            case kind:
                self._faults.arm(kind, **fault)
        return self._state(status=201)

    async def _clear(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return self._state()

    def _state(self, status: int = 200) -> web.Response:
        flood = {"on": self._faults.flood.on, "exceeded": self._faults.flood.exceeded}
        held = self._faults.held.is_set()
        body = {"armed": self._faults.armed(), "flood": flood, "held": held, "kinds": KINDS}
        return web.json_response(body, status=status)


async def _fault(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or not _is_fault(body):
        raise web.HTTPBadRequest(text=json.dumps({"error": _WRONG_FAULT}), content_type="application/json")
    return body


def _is_fault(body: dict[str, Any]) -> bool:
    kind = body.get("kind")
    if kind in {"flood", "release"}:
        return True
    details = {name: value for name, value in body.items() if name != "kind"}
    chat = details.pop("chat_id", 0)
    if not isinstance(chat, int):
        return False
    return kind in KINDS and all(name in _TYPES and _fits(value, _TYPES[name]) for name, value in details.items())


def _fits(value: object, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and not str(value).startswith("-")
