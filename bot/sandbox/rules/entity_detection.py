"""Trims texts and detects URLs, email addresses, commands, mentions and hashtags, as Telegram does."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.rules.formatted_text import Entity, FormattedText, utf16_length

_URL = r"(?P<url>https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]}»”])"
_EMAIL = r"(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
_COMMAND = r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
_MENTION = r"(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w))"
_HASHTAG = r"(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
_DOMAIN = r"(?P<domain>(?<![\w@.-])(?:[\w-]+\.)+(?:com|net|org|info|me|io|eu|de|es|lv|ru|рф)(?![\w-])(?:/[^\s<>\"]*)?)"
_DETECTED = re.compile(f"{_URL}|{_EMAIL}|{_DOMAIN}|{_COMMAND}|{_MENTION}|{_HASHTAG}")
_OPAQUE = frozenset({"code", "pre", "text_link"})
_SPACE = " \t\r\n\x0b\x0c"


def with_detected_entities(formatted: FormattedText) -> FormattedText:
    """Return the trimmed text with the entities that Telegram detects by itself."""
    formatted = _trimmed(formatted)
    opaque = [entity for entity in formatted.entities if entity["type"] in _OPAQUE]
    found = [entity for entity in _detected(formatted.text) if not any(_overlap(entity, other) for other in opaque)]
    entities = sorted([*formatted.entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))
    return FormattedText(formatted.text, tuple(entities))


def _detected(text: str) -> list[Entity]:
    return [
        {
            "type": "url" if match.lastgroup == "domain" else match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _DETECTED.finditer(text)
    ]


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def _trimmed(formatted: FormattedText) -> FormattedText:
    text = formatted.text.strip(_SPACE)
    before = len(formatted.text) - len(formatted.text.lstrip(_SPACE))
    clipped = (_clipped(entity, before, utf16_length(text)) for entity in formatted.entities)
    return FormattedText(text, tuple(entity for entity in clipped if entity["length"] > 0))


def _clipped(entity: Entity, before: int, length: int) -> dict[str, Any]:
    start = max(entity["offset"] - before, 0)
    end = min(entity["offset"] + entity["length"] - before, length)
    return {**entity, "offset": start, "length": end - start}
