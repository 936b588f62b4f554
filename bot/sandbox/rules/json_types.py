"""The types of the Bot API's documentation, and whether a value has one."""

from __future__ import annotations

import re

ARRAY_OF = "Array of "
UNION = re.compile(r" or |, | and ")
_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
_BOOLEANS = frozenset({"true", "false", "yes", "no", "1", "0", ""})
_FILE = "InputFile"
SCALARS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}


def is_readable(kind: str, value: object) -> bool:
    """Whether a parameter, which may be text from a form, can be read as its type."""
    match kind:
        case "Integer":
            return value == "" or (not isinstance(value, bool) and _WHOLE.fullmatch(str(value)) is not None)
        case "Float":
            return not isinstance(value, bool) and _DECIMAL.fullmatch(str(value)) is not None
        case "Boolean":
            return str(value).lower() in _BOOLEANS
    return is_nested(kind) or not isinstance(value, bool | list | dict)


def is_nested(kind: str) -> bool:
    """Whether a type is an object or an array, which forms carry as JSON."""
    return kind.startswith(ARRAY_OF) or not any(name in SCALARS or name == _FILE for name in UNION.split(kind))


def fits(name: str, value: object) -> bool:
    """Whether a JSON value has the type of this name, without a look into objects."""
    if name not in SCALARS:
        return isinstance(value, dict) or (isinstance(value, str) and name == "KeyboardButton")
    if isinstance(value, bool):
        return bool in SCALARS[name]
    return isinstance(value, SCALARS[name])


def item_type(kind: str) -> str:
    """Return the innermost type of an array."""
    return kind.rsplit(ARRAY_OF, 1)[-1]
