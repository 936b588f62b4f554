"""A call of the Bot API, with typed access to its parameters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.error_messages import invalid_parameter

_NUMBER = re.compile(r"-?\d+")
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An uploaded file, from the bot or from a person."""

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
        """The numeric chat_id of the call, None if there is none."""
        text = str(self.parameters.get("chat_id", "")).strip()
        return int(text) if _NUMBER.fullmatch(text) else None

    def has(self, name: str) -> bool:
        """Whether a parameter is present and not empty, as text, JSON or a file."""
        return self.parameters.get(name) not in (None, "") or self.file(name) is not None

    def text(self, name: str) -> str:
        """Return a string parameter, empty if it's absent."""
        value = self.parameters.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return an integer, written as a number or as text."""
        value = self.parameters.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ApiError(invalid_parameter(name)) from None

    def flag(self, name: str) -> bool:
        """Return a Boolean, false if it's absent."""
        return str(self.parameters.get(name, "")).lower() in _TRUE

    def nested(self, name: str) -> Any:  # noqa: ANN401 - any JSON value; the schema check follows
        """Return an object or array, which forms carry as a JSON string; None if it's absent."""
        value = self.parameters.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(invalid_parameter(name)) from None

    def array(self, name: str) -> list[Any]:
        """Return an array, empty if it's absent."""
        value = self.nested(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ApiError(invalid_parameter(name))
        return value

    def file(self, name: str) -> Upload | None:
        """Return the file sent as this parameter or attached to it by name."""
        attached = self.text(name)
        return self.files.get(attached.removeprefix("attach://") if attached.startswith("attach://") else name)
