"""A call of the Bot API, read in one place from JSON, a form or multipart."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.rules.error_messages import TOO_LARGE, ApiError, unreadable

_NUMBER = re.compile(r"-?\d+")
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it came in, from the bot or from a person."""

    name: str
    mime_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """One method called with its parameters and files."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def chat_id(self) -> int | None:
        """The chat that the call is about, None without a numbered one."""
        text = str(self.parameters.get("chat_id", "")).strip()
        return int(text) if _NUMBER.fullmatch(text) else None

    def has(self, name: str) -> bool:
        """Whether a parameter carries anything, as text, as JSON or as a file."""
        return self.parameters.get(name) not in (None, "") or self.file(name) is not None

    def text(self, name: str) -> str:
        """Return a string parameter, empty if it's absent."""
        value = self.parameters.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number, however it was written."""
        value = self.parameters.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ApiError(unreadable(name)) from None

    def flag(self, name: str) -> bool:
        """Return a Boolean, false if it's absent."""
        return str(self.parameters.get(name, "")).lower() in _TRUE

    def nested(self, name: str) -> Any:  # noqa: ANN401 - any JSON may be nested; the checks look at it next
        """Return an object or array, which forms carry as a JSON string; None if it's absent."""
        value = self.parameters.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(unreadable(name)) from None

    def listed(self, name: str) -> list[Any]:
        """Return an array, empty if it's absent."""
        value = self.nested(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ApiError(unreadable(name))
        return value

    def file(self, name: str) -> Upload | None:
        """Return the file sent as this parameter or attached to it by name."""
        attached = self.text(name)
        return self.files.get(attached.removeprefix("attach://") if attached.startswith("attach://") else name)


async def read_call(request: web.Request) -> Call:
    """Read the method, parameters and files from whichever encoding the client chose."""
    parameters: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json" and request.can_read_body:
        parameters |= await _read_json(request)
    elif request.can_read_body:
        await _read_form(request, parameters, files)
    return Call(method=request.match_info["method"], parameters=parameters, files=files)


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise ApiError(unreadable("body")) from None
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(TOO_LARGE) from None
    if not isinstance(body, dict):
        raise ApiError(unreadable("body"))
    return body


async def _read_form(request: web.Request, parameters: dict[str, Any], files: dict[str, Upload]) -> None:
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(TOO_LARGE) from None
    except ValueError:
        raise ApiError(unreadable("body")) from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(name=value.filename, mime_type=value.content_type, data=value.file.read())
        else:
            parameters[name] = value if isinstance(value, str) else bytes(value).decode()
