"""A text with its entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]


@dataclass(frozen=True)
class FormattedText:
    """A text with its entities, free of markup."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """Return the length that Telegram's entities count in."""
    return len(text.encode("utf-16-le")) // 2
