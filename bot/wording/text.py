"""Texts as Telegram's HTML: escaped, joined, and cut to what a message takes."""

import re
import unicodedata

from markupsafe import Markup
from telegram.constants import MessageLimit

RIGHT_TO_LEFT = frozenset({"R", "AL"})  # Unicode's bidirectional classes of Hebrew and Arabic letters
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def apart(text: str) -> Markup:
    """Escape a text; right-to-left letters in it are set apart, so that figures around them keep their place."""
    escaped = Markup.escape(text)
    if not any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in escaped) or ISOLATE in escaped:
        return escaped
    return Markup("{}{}{}").format(ISOLATE, escaped, END_ISOLATE)


def lines(*parts: Markup | str | None) -> Markup:
    """Join the lines that there are; a None is left out, an empty string is an empty line."""
    return Markup("\n").join(part for part in parts if part is not None)


def command(line: str) -> Markup:
    """Write a line that a tap copies."""
    return Markup("<code>{}</code>").format(line)


ROOM_FOR_THE_END = 32  # characters for an ellipsis and the tags to close, of which there are two at most
TAG = re.compile(r"<(?P<end>/?)(?P<name>\w+)[^>]*>")


HALF = re.compile(r"(<[^>]*|&[^;\s]*)$")  # a tag or a character's name, cut in the middle


def fitting(text: Markup, longest: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """Cut a text after the last line that fits into a message, and close the tags that are open there."""
    if len(text) <= longest:
        return text
    room = text[: longest - ROOM_FOR_THE_END]
    whole_lines, _, cut_line = room.rpartition("\n")
    kept = whole_lines or HALF.sub("", cut_line)
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
