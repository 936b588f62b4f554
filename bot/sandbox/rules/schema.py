"""The schema of the Bot API: each call's required parameters, their types and the objects inside them.

If Telegram silently drops a value of the wrong type, the sandbox refuses it: it's a mistake of the caller.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.json_types import ARRAY_OF, SCALARS, UNION, fits, is_nested, is_readable, item_type

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call

Fields = dict[str, list[Any]]

_DATA = Path(__file__).parent / "bot_api.json"
_JSON_NAMES = {"Integer": "Number", "Float": "Number", "True": "Boolean"}


class Schema:
    """Methods and types of the Bot API."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._methods: dict[str, tuple[str, Fields]] = {
            name.lower(): (name, fields) for name, fields in data["methods"].items()
        }
        self._types: dict[str, Fields] = data["types"]
        self._unions: dict[str, list[str]] = data["subtypes"]

    def method_name(self, method: str) -> str | None:
        """Return a method's name as the documentation spells it, None if there is no such method."""
        found = self._methods.get(method.lower())
        return found[0] if found else None

    def check(self, call: Call) -> list[str]:
        """Raise ApiError if a call doesn't match the schema; return notes on what Telegram would ignore."""
        name, fields = self._methods[call.method.lower()]
        for parameter, (kind, required, *_) in fields.items():
            if required and not call.has(parameter):
                raise ApiError(error_messages.missing_parameter(parameter))
            if parameter in call.parameters:
                _check_parameter(call, parameter, kind)
        notes = [f"{name} has no parameter {parameter}" for parameter in call.parameters if parameter not in fields]
        nested = ((kind, call.nested(parameter)) for parameter, (kind, *_) in fields.items() if is_nested(kind))
        for kind, value in nested:
            if value is not None:
                self._check(kind, value, notes)
        return notes

    def _check(self, kind: str, value: object, notes: list[str]) -> None:
        if kind.startswith(ARRAY_OF):
            for item in value if isinstance(value, list) else []:
                self._check_item(kind.removeprefix(ARRAY_OF), item, notes)
        elif not any(name in SCALARS for name in self._members(kind)):
            self._check_object(kind, value, notes)

    def _check_item(self, kind: str, item: object, notes: list[str]) -> None:
        problem = self._mismatch(kind, item)
        if problem and kind in SCALARS:
            raise ApiError(error_messages.invalid_item(kind))
        if problem:
            raise ApiError(error_messages.invalid_object(item_type(kind), f"{item_type(kind)} must be {problem}"))
        self._check(kind, item, notes)

    def _check_object(self, kind: str, value: object, notes: list[str]) -> None:
        if not isinstance(value, dict):  # a reply keyboard's button may be a string
            return
        name = self._member_type(kind, value)
        fields = self._types[name]
        for field, (field_kind, required, *_) in fields.items():
            if field not in value or value[field] is None:
                if required:
                    raise ApiError(error_messages.invalid_object(name, f'Can\'t find field "{field}"'))
                continue
            if problem := self._mismatch(field_kind, value[field]):
                raise ApiError(
                    error_messages.invalid_object(name, f'Field "{field}" must be of type {problem.split()[-1]}')
                )
            self._check(field_kind, value[field], notes)
        if fields:  # the schema has no fields of a few types
            notes.extend(f"{name} has no field {field}" for field in value if field not in fields)

    def _mismatch(self, kind: str, value: object) -> str | None:
        """Return the type that a JSON value should have had, None if it has it; objects are not looked into."""
        if kind.startswith(ARRAY_OF):
            return None if isinstance(value, list) else "an Array"
        members = self._members(kind)
        if any(fits(name, value) for name in members):
            return None
        scalar = next((name for name in members if name in SCALARS), None)
        return f"of type {_JSON_NAMES.get(scalar, scalar)}" if scalar else "an Object"

    def _members(self, kind: str) -> list[str]:
        if kind in self._unions:
            return self._unions[kind]
        return UNION.split(kind)

    def _member_type(self, kind: str, value: dict[str, Any]) -> str:
        """Return the member of a union that an object matches: by constant fields, then by required ones."""
        members = [name for name in self._members(kind) if name in self._types]
        matching = [name for name in members if self._has_constants(name, value)]
        if not matching:
            raise ApiError(error_messages.invalid_object(kind, "Unsupported type specified"))
        complete = [name for name in matching if all(field in value for field in self._required(name))]
        return (complete or matching)[0]

    def _has_constants(self, name: str, value: dict[str, Any]) -> bool:
        constants = {field: rest[0] for field, (_, _, *rest) in self._types[name].items() if rest}
        return all(value.get(field) == constant for field, constant in constants.items())

    def _required(self, name: str) -> list[str]:
        return [field for field, (_, required, *_) in self._types[name].items() if required]


def _check_parameter(call: Call, name: str, kind: str) -> None:
    if not is_readable(kind, call.parameters[name]):
        raise ApiError(error_messages.invalid_parameter(name))
    if not is_nested(kind):
        return
    nested = call.nested(name)
    if nested is not None and isinstance(nested, list) != kind.startswith(ARRAY_OF):
        raise ApiError(
            error_messages.MARKUP_NOT_OBJECT if name == "reply_markup" else error_messages.invalid_parameter(name)
        )


@lru_cache(maxsize=1)
def bot_api_schema() -> Schema:
    """Return the schema of the Bot API version that the sandbox imitates."""
    return Schema(json.loads(_DATA.read_text(encoding="utf-8")))
