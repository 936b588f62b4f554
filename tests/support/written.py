"""Values as lines that a person can read and compare: every field of them, in the order in which they are given."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from hashlib import sha256
from types import FunctionType
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from core.storage.tables import Base

WIDTH = 116
LONGEST_TEXT = 300  # characters that are written in full
INDENT = "  "


def written(value: object) -> str:
    """Write a value: in one line if it fits, or else each of its parts in a line of its own, indented."""
    line = in_a_line(value)
    return line if len(line) <= WIDTH or not list(_parts(value)) else "\n".join(_in_lines(value))


def in_a_line(value: object) -> str:
    """Write a value in one line, however long."""
    parts = [f"{label}{in_a_line(part)}" for label, part in _parts(value)]
    before, after = _around(value)
    return f"{before}{', '.join(parts)}{after}" if parts or before else _atom(value)


def _in_lines(value: object) -> Iterator[str]:
    before, _ = _around(value)
    yield before.rstrip("([{")
    for label, part in _parts(value):
        first, *others = written(part).splitlines()
        yield f"{INDENT}{label}{first}"
        yield from (f"{INDENT}{line}" for line in others)


def _around(value: object) -> tuple[str, str]:
    match value:
        case Exception():
            return f"{type(value).__name__}(", ")"
        case list() | tuple():
            return "[", "]"
        case Mapping() | AbstractSet():
            return "{", "}"
        case _ if _is_data(value):
            return f"{type(value).__name__}(", ")"
    return "", ""


def _parts(value: object) -> Iterable[tuple[str, object]]:
    """Give the parts of a value with what is written before each of them."""
    match value:
        case Mapping():
            return [(f"{_atom(key)}: ", part) for key, part in value.items()]
        case list() | tuple():
            return [("", part) for part in value]
        case AbstractSet():
            return [("", part) for part in sorted(value, key=in_a_line)]
        case _ if _is_data(value):
            return [(f"{field.name}=", getattr(value, field.name)) for field in fields(value)]  # type: ignore[arg-type]
        case Exception():
            return [("", part) for part in value.args]
    return []


def _is_data(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, (type, Base))


def _atom(value: object) -> str:
    match value:
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case datetime():
            zone = getattr(value.tzinfo, "key", None) or value.tzname() or "no zone"
            return f"{value:%Y-%m-%d %H:%M:%S} {zone}".replace(":00 ", " ", 1)
        case date() | time() | timedelta() | ZoneInfo():
            return str(value)
        case bytes():
            return f"{len(value)} bytes, {_digest(value)}"
        case str() if len(value) > LONGEST_TEXT:
            return f"{value[:40]!r}... of {len(value)} characters, {_digest(value.encode())}"
        case Base():
            return f"{type(value).__name__} {value.__mapper__.primary_key_from_instance(value)}"
        case Select() | FunctionType():
            return getattr(value, "__name__", "SELECT ...")
    return repr(value)


def _digest(content: bytes) -> str:
    return f"sha256 {sha256(content).hexdigest()[:12]}"
