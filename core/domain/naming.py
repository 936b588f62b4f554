"""Names that people type: normalisation, what they may contain, department paths, and suggestions."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from core.errors import InvalidName, WordNotUnderstood

Word = TypeVar("Word", bound=StrEnum)

LONGEST_NAME = 200
SEPARATORS = "|/"
MOST_NEAREST = 3
SHORTEST_BEGINNING = 3
JOINERS = "\u200c\u200d"  # visible in Persian and Indic words and between emoji; invisible between Latin letters
JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})  # Unicode categories of caseless letters, marks and emoji
PATH_SEPARATOR = " / "


def clean_name(text: str, *, forbidden: str = "|") -> str:
    """Return the name, tidied. Raises InvalidName if it is empty, too long or contains one of `forbidden`."""
    name = tidy(text)
    if not name or len(name) > LONGEST_NAME or any(separator in name for separator in forbidden):
        raise InvalidName(name, LONGEST_NAME, forbidden)
    return name


def tidy(text: str) -> str:
    """Return the text as one line in Unicode form C, with single spaces and without invisible characters.

    Joiners that affect how a word is displayed are kept. As far as white space and invisible characters are concerned,
    two texts that look the same become equal.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (_visible_form(composed, place) for place in range(len(composed)))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _visible_form(text: str, place: int) -> str:
    """Return what replaces a character: a space for control characters, nothing for other invisible ones."""
    character = text[place]
    if character.isprintable():
        return character
    if unicodedata.category(character) != "Cf":
        return " "
    around = text[place - 1 : place], text[place + 1 : place + 2]
    joins = character in JOINERS and all(each and unicodedata.category(each) in JOINED for each in around)
    return character if joins else ""


def parse_path(text: str) -> tuple[str, ...]:
    """Parse a department's path such as `Sales / EMEA`; spaces around slashes are optional. Raises InvalidName."""
    return tuple(clean_name(part, forbidden=SEPARATORS) for part in text.split("/"))


def format_path(path: Iterable[str]) -> str:
    """Format a department's path as `Sales / EMEA`."""
    return PATH_SEPARATOR.join(path)


def nearest(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names that resemble `wanted` or have a word that starts with it, ignoring case."""
    by_key = {name.casefold(): name for name in known}
    key = wanted.strip().casefold()
    close = get_close_matches(key, by_key, n=MOST_NEAREST, cutoff=0.6)
    begun = [each for each in by_key if f" {key}" in f" {each}"] if len(key) >= SHORTEST_BEGINNING else []
    return tuple(by_key[each] for each in dict.fromkeys((*close, *begun)))[:MOST_NEAREST]


def find_word(text: str, possible: Iterable[Word]) -> Word:
    """Find one of the possible words, ignoring case and spacing. Raises WordNotUnderstood."""
    wanted = " ".join(text.split())
    by_key = {word.casefold(): word for word in possible}
    if (found := by_key.get(wanted.casefold())) is None:
        raise WordNotUnderstood(wanted, nearest(wanted, by_key), tuple(by_key))
    return found
