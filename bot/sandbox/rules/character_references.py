"""HTML's character references, as far as Telegram decodes them."""

from __future__ import annotations

import re

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot));?")
_LAST_CODE_POINT = 0x10FFFF


def decode_references(text: str) -> str:
    """Replace the character references that Telegram supports."""
    return _CHARACTER.sub(lambda match: decode_reference(match.group(), 0)[0], text)


def decode_reference(source: str, at: int) -> tuple[str, int]:
    """Return the character at a position, decoded if it begins a reference, and the position after it."""
    match = _CHARACTER.match(source, at)
    if match is None:
        return source[at], at + 1
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name], match.end()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the range that UTF-16 reserves
    if not 0 < code <= _LAST_CODE_POINT or surrogate:
        return source[at], at + 1
    return chr(code), match.end()
