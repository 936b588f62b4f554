"""Texts as Telegram's HTML: escaped, joined, and cut to the length of a message."""

import re
import unicodedata

from markupsafe import Markup
from telegram.constants import MessageLimit

from core.domain.addresses import unlinked

RIGHT_TO_LEFT = frozenset({"R", "AL"})  # Unicode's bidirectional classes of Hebrew and Arabic letters
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def isolate(text: str) -> Markup:
    """Escape a text that people wrote, so that it changes nothing around it; what is Markup already is left as it is.

    No part of it becomes a link. If it has right-to-left letters, it is isolated: figures around it keep their place.
    """
    escaped = text if isinstance(text, Markup) else Markup.escape(unlinked(text))
    if not any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in escaped) or ISOLATE in escaped:
        return escaped
    return Markup("{}{}{}").format(ISOLATE, escaped, END_ISOLATE)


def address(url: str) -> Markup:
    """Write an address of ours, which Telegram turns into a link."""
    return Markup.escape(url)


def lines(*parts: Markup | str | None) -> Markup:
    """Join lines; None is left out, an empty string is an empty line."""
    return Markup("\n").join(part for part in parts if part is not None)


def command(line: str) -> Markup:
    """Write a line that a tap copies."""
    return Markup("<code>{}</code>").format(line)


ENDING = 32  # characters for an ellipsis and the tags to close, two at most
TAG = re.compile(r"<(?P<end>/?)(?P<name>\w+)[^>]*>")


CUT_MARKUP = re.compile(r"(<[^>]*|&[^;\s]*)$")  # a tag or an entity, cut in the middle


def fitting(text: Markup, longest: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """Cut a text after the last line that fits into a message, and close the tags that are open there."""
    if len(text) <= longest:
        return text
    room = text[: longest - ENDING]
    whole_lines, _, cut_line = room.rpartition("\n")
    kept = whole_lines or CUT_MARKUP.sub("", cut_line)
    return f"{kept}{_closing(kept)}\n…"


def _closing(text: str) -> str:
    """Close the tags that are open at the end of a text."""
    open_tags: list[str] = []
    for tag in TAG.finditer(text):
        if tag["end"]:
            open_tags.pop()
        else:
            open_tags.append(tag["name"])
    return "".join(f"</{name}>" for name in reversed(open_tags))


def shortened(text: str, longest: int) -> str:
    """Cut a plain text to a length."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
