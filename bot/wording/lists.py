"""Splits long lists into pages that fit into a message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import isolate

MOST_NAMES = 20
MANY = 1500  # characters of a list within a text
LONGEST_PAGE = 3500  # characters of Telegram's 4096: the rest is for a title and notes
TALLEST_PAGE = 17  # lines of the 20 that a phone shows: the rest is for a title and notes


@dataclass(frozen=True, kw_only=True)
class Page:
    """The entries of one page, by their places in the list, and the number of pages."""

    places: range
    number: int
    pages: int


def page_of(
    entries: Sequence[Markup], wanted: int, *, most: int, longest: int = LONGEST_PAGE, tallest: int = TALLEST_PAGE
) -> Page:
    """Return a page, or the last one if there are fewer; a page has `most` entries, or as many as fit.

    All that a page holds is at most `longest` in characters and `tallest` in lines, but for a single larger entry.
    """
    pages = list(_pages(entries, most, longest, tallest)) or [range(0)]
    number = min(wanted, len(pages) - 1)
    return Page(places=pages[number], number=number, pages=len(pages))


def first(words: Words, entries: Sequence[Markup], *, most: int, longest: int) -> list[Markup]:
    """Return the entries that fit, and a line that counts the others."""
    shown = page_of(entries, 0, most=most, longest=longest, tallest=most).places
    return [*entries[: len(shown)], *more(words, len(entries) - len(shown))]


def more(words: Words, number: int) -> list[Markup]:
    """Say that so many entries follow; nothing if none does."""
    return [words.count("… and {number} more", "… and {number} more", number)] if number > 0 else []


def turned_away(words: Words, waiting: Sequence[str], unnamed: int) -> list[Markup | str]:
    """Say who waits and would be turned away by a removal: by name who waits for approval; empty if nobody does."""
    parts: list[Markup | str] = []
    if waiting:
        parts.append(
            words.count(
                "{number} person is waiting for approval and will be turned away:",
                "{number} people are waiting for approval and will be turned away:",
                len(waiting),
            )
        )
        parts += first(words, [Markup("· {}").format(isolate(name)) for name in waiting], most=MOST_NAMES, longest=MANY)
    if unnamed:
        parts.append(
            words.count(
                "{number} person whose sign-up isn't complete yet will be turned away.",
                "{number} people whose sign-ups aren't complete yet will be turned away.",
                unnamed,
            )
        )
    return ["", *parts] if parts else []


def _pages(entries: Sequence[Markup], most: int, longest: int, tallest: int) -> Iterator[range]:
    start = length = height = 0
    for place, entry in enumerate(entries):
        rows = entry.count("\n") + 1
        full = place - start == most or length + len(entry) > longest or height + rows > tallest
        if place > start and full:
            yield range(start, place)
            start, length, height = place, 0, 0
        length += len(entry) + 1
        height += rows
    if start < len(entries):
        yield range(start, len(entries))
