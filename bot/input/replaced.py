"""A typed line with one of its names or times replaced."""

import re

PARTS = re.compile(r"([|;,])")


def corrected(text: str, wrong: str, right: str) -> str | None:
    """Replace the wrong name, a whole part of the line or a word of it; return None if it isn't found."""
    parts = PARTS.split(text)
    for place, part in enumerate(parts):
        if _key(part) == _key(wrong):
            spaces = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
            return "".join((*parts[:place], spaces[0], right, spaces[1], *parts[place + 1 :]))
    word = re.compile(rf"(?<!\S){re.escape(wrong)}(?=[\s:,;]|$)")
    return word.sub(lambda _: right, text, count=1) if word.search(text) else None


def _key(part: str) -> str:
    return "/".join(" ".join(piece.split()) for piece in part.split("/")).casefold()
