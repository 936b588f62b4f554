"""Parsing of whole numbers that people type."""

import re

from core.domain.text import ROOM, plain

# Groups of three digits between commas, full stops, apostrophes or spaces, the same one throughout: 1,000,000
GROUPED = re.compile(r"[0-9]{1,3}([,.' ])[0-9]{3}(?:\1[0-9]{3})*")


def whole_number(text: str, highest: int) -> int | None:
    """Parse a whole number from 1 to `highest`, also with its digits in groups; return None for any other text."""
    if len(text) > ROOM * 2 * len(str(highest)):
        return None
    text = plain(text)
    if group := GROUPED.fullmatch(text):
        text = text.replace(group[1], "")
    if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) and 1 <= int(text) <= highest:
        return int(text)
    return None
