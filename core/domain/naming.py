"""Names that people type: what they may contain, department paths, and suggestions."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from typing import TypeVar

from core.domain.keywords import find_keyword, forms
from core.domain.text import ROOM, is_oversized, key, plain, tidy
from core.errors import InvalidName, PathIncomplete, PathTooDeep, WordNotUnderstood

Word = TypeVar("Word", bound=StrEnum)

LONGEST_NAME = 200
NUMBERED = re.compile(r"(?P<name>.*) \((?P<number>\d{1,6})\)")
DEEPEST = 20  # departments on a path
SEPARATORS = "|/"
MOST_NEAREST = 3
SHORTEST_BEGINNING = 3
ANOTHER_BEGINNING = 0.8  # the resemblance of a name with another first letter: people rarely mistype that one
PATH_SEPARATOR = " / "


def clean_name(text: str, *, forbidden: str = "|") -> str:
    """Return the name, tidied. Raises InvalidName if it is empty, too long or contains one of `forbidden`."""
    name = tidy(text[: ROOM * LONGEST_NAME])
    if (
        is_oversized(text, LONGEST_NAME)
        or not name
        or len(name) > LONGEST_NAME
        or any(separator in name for separator in forbidden)
    ):
        raise InvalidName(name, LONGEST_NAME, forbidden)
    return name


def next_name(name: str) -> str:
    """Return a name with the next number: `Sales` becomes `Sales (2)`, which becomes `Sales (3)`."""
    match = NUMBERED.fullmatch(name)
    base, ending = (match["name"], f" ({int(match['number']) + 1})") if match else (name, " (2)")
    return base[: LONGEST_NAME - len(ending)] + ending


def parse_path(text: str) -> tuple[str, ...]:
    """Parse a department's path such as `Sales / EMEA`; spaces around slashes are optional.

    Raises InvalidName, PathTooDeep, PathIncomplete.
    """
    if text.count("/") >= DEEPEST:
        raise PathTooDeep(DEEPEST)
    if not all(tidy(part[: ROOM * LONGEST_NAME]) for part in text.split("/")):
        raise PathIncomplete(tidy(text[: ROOM * LONGEST_NAME]))
    return tuple(clean_name(part, forbidden=SEPARATORS) for part in text.split("/"))


def format_path(path: Iterable[str]) -> str:
    """Format a department's path as `Sales / EMEA`."""
    return PATH_SEPARATOR.join(path)


def own_name(path: Sequence[str]) -> str | None:
    """Return a department's name without those above it; None for the root, which is the whole organisation."""
    return path[-1] if path else None


def nearest(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names that resemble `wanted` or have a word that starts with it, ignoring case."""
    by_key = {name.casefold(): name for name in known}
    meant = plain(wanted[:LONGEST_NAME]).casefold()
    similar = get_close_matches(meant, by_key, n=MOST_NEAREST, cutoff=0.6)
    close = [each for each in similar if _begins_alike(each, meant) or _resemblance(each, meant) >= ANOTHER_BEGINNING]
    begun = [each for each in by_key if f" {meant}" in f" {each}"] if len(meant) >= SHORTEST_BEGINNING else []
    return tuple(by_key[each] for each in dict.fromkeys((*close, *begun)))[:MOST_NEAREST]


def _begins_alike(name: str, meant: str) -> bool:
    return any(word[:1] == meant[:1] for word in name.split())


def _resemblance(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def find_word(text: str, possible: Iterable[Word]) -> Word:
    """Find one of the possible words, in any language, ignoring case and spacing. Raises WordNotUnderstood."""
    known = tuple(possible)
    if (found := find_keyword(tidy(text[:LONGEST_NAME]), known)) is None:
        raise not_understood(text, known)
    return found


def not_understood(text: str, possible: Iterable[str]) -> WordNotUnderstood:
    """Return the refusal of a text that is none of the possible words, with similar ones of any language."""
    wanted, known = tidy(text[:LONGEST_NAME]), tuple(map(key, possible))
    return WordNotUnderstood(wanted, nearest_keywords(wanted, known), known)


def nearest_keywords(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the keywords that resemble `wanted`; if none does, the similar forms of other languages, one of each."""
    words = tuple(known)
    if alike := nearest(wanted, words):
        return alike
    forms_alike = nearest(wanted, [form for word in words for form in forms(word)])
    first = {find_keyword(form, words): form for form in reversed(forms_alike)}
    return tuple(form for form in forms_alike if form in first.values())
