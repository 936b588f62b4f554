"""The Bot API as data, and every call checked against it: required parameters, their types, what lies inside them.

Where Telegram drops a value that doesn't fit without a word, the sandbox refuses it: the caller meant something.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.error_messages import ApiError

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call

Fields = dict[str, list[Any]]

_DATA = Path(__file__).parent / "bot_api.json"
_LIST = "Array of "
_ALTERNATIVES = re.compile(r" or |, | and ")
_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
_BOOLEANS = frozenset({"true", "false", "yes", "no", "1", "0", ""})
_FILE = "InputFile"
_SCALARS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}
_JSON_NAMES = {"Integer": "Number", "Float": "Number", "True": "Boolean"}


class Contract:
    """What the Bot API promises to take."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._methods: dict[str, tuple[str, Fields]] = {
            name.lower(): (name, fields) for name, fields in data["methods"].items()
        }
        self._types: dict[str, Fields] = data["types"]
        self._unions: dict[str, list[str]] = data["subtypes"]

    def name_of(self, method: str) -> str | None:
        """Return a method's name as the documentation spells it, None if there is no such method."""
        found = self._methods.get(method.lower())
        return found[0] if found else None

    def check(self, call: Call) -> list[str]:
        """Refuse a call that doesn't fit; return notes on what Telegram would ignore."""
        name, fields = self._methods[call.method.lower()]
        for parameter, (kind, required, *_) in fields.items():
            if required and not call.has(parameter):
                raise ApiError(error_messages.missing(parameter))
            if parameter in call.parameters:
                _check_parameter(call, parameter, kind)
        notes = [f"{name} has no parameter {parameter}" for parameter in call.parameters if parameter not in fields]
        nested = ((kind, call.nested(parameter)) for parameter, (kind, *_) in fields.items() if _is_nested(kind))
        for kind, value in nested:
            if value is not None:
                self._check(kind, value, notes)
        return notes

    def _check(self, kind: str, value: object, notes: list[str]) -> None:
        if kind.startswith(_LIST):
            for item in value if isinstance(value, list) else []:
                self._check_item(kind.removeprefix(_LIST), item, notes)
        elif not any(name in _SCALARS for name in self._members(kind)):
            self._check_object(kind, value, notes)

    def _check_item(self, kind: str, item: object, notes: list[str]) -> None:
        problem = self._misfit(kind, item)
        if problem and kind in _SCALARS:
            raise ApiError(error_messages.wrong_item(kind))
        if problem:
            raise ApiError(error_messages.unfit(_single(kind), f"{_single(kind)} must be {problem}"))
        self._check(kind, item, notes)

    def _check_object(self, kind: str, value: object, notes: list[str]) -> None:
        if not isinstance(value, dict):  # the short form of a reply keyboard's button
            return
        name = self._chosen(kind, value)
        fields = self._types[name]
        for field, (field_kind, required, *_) in fields.items():
            if field not in value or value[field] is None:
                if required:
                    raise ApiError(error_messages.unfit(name, f'Can\'t find field "{field}"'))
                continue
            if problem := self._misfit(field_kind, value[field]):
                raise ApiError(error_messages.unfit(name, f'Field "{field}" must be of type {problem.split()[-1]}'))
            self._check(field_kind, value[field], notes)
        if fields:  # a few types are known by name only
            notes.extend(f"{name} has no field {field}" for field in value if field not in fields)

    def _misfit(self, kind: str, value: object) -> str | None:
        """Say what a JSON value should have been, None if it fits as far as can be seen without looking into it."""
        if kind.startswith(_LIST):
            return None if isinstance(value, list) else "an Array"
        members = self._members(kind)
        if any(_fits(name, value) for name in members):
            return None
        scalar = next((name for name in members if name in _SCALARS), None)
        return f"of type {_JSON_NAMES.get(scalar, scalar)}" if scalar else "an Object"

    def _members(self, kind: str) -> list[str]:
        if kind in self._unions:
            return self._unions[kind]
        return _ALTERNATIVES.split(kind)

    def _chosen(self, kind: str, value: dict[str, Any]) -> str:
        """Return the member of a union that an object is: by its constant fields, then by what it must have."""
        members = [name for name in self._members(kind) if name in self._types]
        alike = [name for name in members if self._has_constants(name, value)]
        if not alike:
            raise ApiError(error_messages.unfit(kind, "Unsupported type specified"))
        complete = [name for name in alike if all(field in value for field in self._required(name))]
        return (complete or alike)[0]

    def _has_constants(self, name: str, value: dict[str, Any]) -> bool:
        constants = {field: rest[0] for field, (_, _, *rest) in self._types[name].items() if rest}
        return all(value.get(field) == constant for field, constant in constants.items())

    def _required(self, name: str) -> list[str]:
        return [field for field, (_, required, *_) in self._types[name].items() if required]


def _check_parameter(call: Call, name: str, kind: str) -> None:
    if not _is_readable(kind, call.parameters[name]):
        raise ApiError(error_messages.unreadable(name))
    if not _is_nested(kind):
        return
    nested = call.nested(name)
    if nested is not None and isinstance(nested, list) != kind.startswith(_LIST):
        raise ApiError(error_messages.MARKUP_NOT_OBJECT if name == "reply_markup" else error_messages.unreadable(name))


def _is_readable(kind: str, value: object) -> bool:
    """Whether a parameter, which forms carry as text, reads as its type."""
    match kind:
        case "Integer":
            return value == "" or (not isinstance(value, bool) and _WHOLE.fullmatch(str(value)) is not None)
        case "Float":
            return not isinstance(value, bool) and _DECIMAL.fullmatch(str(value)) is not None
        case "Boolean":
            return str(value).lower() in _BOOLEANS
    return _is_nested(kind) or not isinstance(value, bool | list | dict)


def _is_nested(kind: str) -> bool:
    return kind.startswith(_LIST) or not any(name in _SCALARS or name == _FILE for name in _ALTERNATIVES.split(kind))


def _fits(name: str, value: object) -> bool:
    if name not in _SCALARS:
        return isinstance(value, dict) or (isinstance(value, str) and name == "KeyboardButton")
    if isinstance(value, bool):
        return bool in _SCALARS[name]
    return isinstance(value, _SCALARS[name])


def _single(kind: str) -> str:
    return kind.rsplit(_LIST, 1)[-1]


@lru_cache(maxsize=1)
def bot_api() -> Contract:
    """Return the contract of the Bot API that the sandbox stands in for."""
    return Contract(json.loads(_DATA.read_text(encoding="utf-8")))
