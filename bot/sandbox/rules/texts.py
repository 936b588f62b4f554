"""Texts and captions: their lengths and formatting.

Texts are counted in Unicode code points after the markup is removed, as Telegram's own server does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from bot.sandbox.rules.html_parser import parse_html

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call


TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ANSWER_LIMIT = 200
ENTITIES_LIMIT = 100


def checked_text(call: Call) -> FormattedText:
    """Return the text that a call sends, which must be neither empty nor too long."""
    formatted = _formatted(call, "text", "entities")
    if not formatted.text:
        raise ApiError(error_messages.NO_TEXT)
    if len(formatted.text) > TEXT_LIMIT:
        raise ApiError(error_messages.TEXT_TOO_LONG)
    return formatted


def checked_caption(call: Call) -> FormattedText:
    """Return the caption that a call sends, which may be empty but not too long."""
    formatted = _formatted(call, "caption", "caption_entities")
    if len(formatted.text) > CAPTION_LIMIT:
        raise ApiError(error_messages.CAPTION_TOO_LONG)
    return formatted


def _formatted(call: Call, text: str, entities: str) -> FormattedText:
    source, mode = call.text(text), call.text("parse_mode").lower()
    if mode == "html":
        return with_detected_entities(parse_html(source))
    if mode:
        raise ApiError(error_messages.PARSE_MODE_NOT_SUPPORTED)
    return with_detected_entities(FormattedText(source, tuple(call.array(entities))))


def text_fields(text: str, entities: str, formatted: FormattedText) -> dict[str, Any]:
    """Return the fields of a message for a text, none if it's empty; entities beyond 100 are dropped."""
    if not formatted.text:
        return {}
    kept = list(formatted.entities[:ENTITIES_LIMIT])
    return {text: formatted.text} | ({entities: kept} if kept else {})


def checked_answer_text(call: Call) -> str:
    """Return the text of an answer to a callback query, which must not be too long."""
    text = call.text("text")
    if len(text) > ANSWER_LIMIT:
        raise ApiError(error_messages.ANSWER_TOO_LONG)
    return text
