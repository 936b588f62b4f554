"""Parts of a typed line: numbers, and the fields between its bars."""

from collections.abc import Collection
from dataclasses import dataclass

LONGEST_NUMBER = 18  # digits that always fit into 64 bits


class UsageError(Exception):
    """A typed line doesn't have the form of its command; the answer shows a correct one."""


@dataclass(eq=False)
class WrongPartCount(UsageError):  # noqa: N818 - an answer to a person
    """A typed line has fewer parts between its `|` than `at_least`, or more than `at_most` (None: no limit).

    The places `may_be_empty` may be left empty.
    """

    at_least: int
    at_most: int | None
    may_be_empty: Collection[int] = ()


@dataclass(eq=False)
class NumberExpected(UsageError):  # noqa: N818 - an answer to a person
    """The text was typed instead of a number."""

    text: str


@dataclass(eq=False)
class ValueExpected(UsageError):  # noqa: N818 - an answer to a person
    """The word names a setting, but has no value after it."""

    word: str


@dataclass(eq=False)
class LabelExpected(UsageError):  # noqa: N818 - an answer to a person
    """The text should be a field's label, a colon and a value."""

    text: str


@dataclass(eq=False)
class LinkExpected(UsageError):  # noqa: N818 - an answer to a person
    """The text was typed instead of a sign-up link."""

    text: str


@dataclass(eq=False)
class PartLeftOut(UsageError):  # noqa: N818 - an answer to a person
    """A line lacks the part of a place together with its `|`; `may_be_empty`: the place only has to be there."""

    place: int
    may_be_empty: bool


class StaleButton(Exception):  # noqa: N818 - an answer to a person
    """The button's data isn't valid in this version."""


def number(text: str) -> int:
    """Read the number that a card shows, `12` or `#12`, or raise NumberExpected."""
    if (found := card_number(text)) is None:
        raise NumberExpected(text.strip())
    return found


def card_number(text: str) -> int | None:
    """Read the number that a card shows, `12` or `#12`; None if the text is none."""
    digits = text.strip().removeprefix("#")
    return int(digits) if is_number(digits) else None


def is_number(text: str) -> bool:
    """Return whether the text is a plain number that fits into a database's integer."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def fields(text: str, at_least: int, at_most: int, *, may_be_empty: Collection[int] = ()) -> list[str]:
    """Split a line at its `|`, empty parts at its end not counted; or raise WrongPartCount.

    Of the parts that are needed, those at the places `may_be_empty` may have nothing in them.
    """
    parts = split(text)
    while len(parts) > at_most and not parts[-1]:
        parts.pop()
    filled = all(part or place in may_be_empty for place, part in enumerate(parts[:at_least]))
    if not at_least <= len(parts) <= at_most or not filled:
        raise WrongPartCount(at_least, at_most, may_be_empty)
    return parts + [""] * (at_most - len(parts))


def split(text: str) -> list[str]:
    """Split a line at its `|`."""
    return [part.strip() for part in text.split("|")]
