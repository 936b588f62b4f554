"""Letters in pictures: two fonts of our own, which have those of Latin, Greek and Cyrillic scripts."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent.parent / "fonts"
REGULAR, BOLD = "Roboto-Regular.ttf", "Roboto-Bold.ttf"
NO_CHARACTER = "\uffff"  # drawn as every letter is that a font lacks
ANY_SIZE = 30
ELLIPSIS = "…"


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font with a height in pixels."""
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> bool:
    """Return whether the fonts have all letters of a text."""
    return all(_has(letter) for letter in text)


def written(text: str) -> str:
    """Return a text without the letters that the fonts lack; empty if little of it would be left."""
    kept = " ".join("".join(letter for letter in text if _has(letter)).split())
    return kept if 2 * len(kept) > len(text) else ""


def fitted(text: str, name: str, size: int, room: float) -> str:
    """Cut a text to a width in pixels."""
    chosen = font(name, size)
    if chosen.getlength(text) <= room:
        return text
    while text and chosen.getlength(text + ELLIPSIS) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


@cache
def _has(letter: str) -> bool:
    chosen = font(REGULAR, ANY_SIZE)
    return letter.isspace() or bytes(chosen.getmask(letter)) != bytes(chosen.getmask(NO_CHARACTER))
