"""A text without markup, and its entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]


@dataclass(frozen=True)
class FormattedText:
    """A text without markup, and its entities."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """Return a length in UTF-16 code units, the unit of entities."""
    return len(text.encode("utf-16-le")) // 2
