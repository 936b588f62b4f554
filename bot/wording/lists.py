"""Splits long lists into pages that fit into a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.wording.phrases import Words

LONGEST_PAGE = 3500  # characters of Telegram's 4096: the rest is for a title and notes


@dataclass(frozen=True, kw_only=True)
class Page:
    """The entries of one page, by their places in the list, and the number of pages."""

    places: range
    number: int
    pages: int


def page_of(entries: Sequence[Markup], wanted: int, *, most: int, longest: int = LONGEST_PAGE) -> Page:
    """Return a page, or the last one if there are fewer; a page has `most` entries, or as many as fit."""
    pages = list(_pages(entries, most, longest)) or [range(0)]
    number = min(wanted, len(pages) - 1)
    return Page(places=pages[number], number=number, pages=len(pages))


def first(words: Words, entries: Sequence[Markup], *, most: int, longest: int) -> list[Markup]:
    """Return the entries that fit, and a line that counts the others."""
    shown = page_of(entries, 0, most=most, longest=longest).places
    return [*entries[: len(shown)], *more(words, len(entries) - len(shown))]


def more(words: Words, number: int) -> list[Markup]:
    """Say that so many entries follow; nothing if none does."""
    return [words.count("… and {number} more", "… and {number} more", number)] if number > 0 else []


def _pages(entries: Sequence[Markup], most: int, longest: int) -> Iterator[range]:
    start = length = 0
    for place, entry in enumerate(entries):
        if place > start and (place - start == most or length + len(entry) > longest):
            yield range(start, place)
            start, length = place, 0
        length += len(entry) + 1
    if start < len(entries):
        yield range(start, len(entries))
