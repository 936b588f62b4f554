"""Names that people type: what they may contain, how paths are written, and what was probably meant."""

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
JOINERS = "\u200c\u200d"  # they shape Persian and Indic words, and join emoji; among Latin letters they are invisible
JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})  # Unicode's categories of letters without case, marks, emoji
PATH_SEPARATOR = " / "


def clean_name(text: str, *, forbidden: str = "|") -> str:
    """Give the name with its white space tidied; InvalidName where it is empty, too long or holds a separator."""
    name = tidy(text)
    if not name or len(name) > LONGEST_NAME or any(separator in name for separator in forbidden):
        raise InvalidName(name, LONGEST_NAME, forbidden)
    return name


def tidy(text: str) -> str:
    """Give one line of text in Unicode's form C, with single spaces and nothing invisible in it but joiners that show.

    Two texts that look the same are the same then, as far as white space and invisible characters go.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (_shown(composed, place) for place in range(len(composed)))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _shown(text: str, place: int) -> str:
    """Give a character as it is kept: control characters as spaces, others that nobody sees not at all."""
    character = text[place]
    if character.isprintable():
        return character
    if unicodedata.category(character) != "Cf":
        return " "
    around = text[place - 1 : place], text[place + 1 : place + 2]
    joins = character in JOINERS and all(each and unicodedata.category(each) in JOINED for each in around)
    return character if joins else ""


def parse_path(text: str) -> tuple[str, ...]:
    """Read a department's path, `Sales / EMEA`, spaces around the slashes or not; or InvalidName."""
    return tuple(clean_name(part, forbidden=SEPARATORS) for part in text.split("/"))


def format_path(path: Iterable[str]) -> str:
    """Write a department's path."""
    return PATH_SEPARATOR.join(path)


def nearest(wanted: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give up to three known names that look like the wanted one, or have a word that it begins, in any case."""
    by_key = {name.casefold(): name for name in known}
    key = wanted.strip().casefold()
    close = get_close_matches(key, by_key, n=MOST_NEAREST, cutoff=0.6)
    begun = [each for each in by_key if f" {key}" in f" {each}"] if len(key) >= SHORTEST_BEGINNING else []
    return tuple(by_key[each] for each in dict.fromkeys((*close, *begun)))[:MOST_NEAREST]


def find_word(text: str, possible: Iterable[Word]) -> Word:
    """Find one of the possible words, in any case and spacing; or WordNotUnderstood."""
    wanted = " ".join(text.split())
    by_key = {word.casefold(): word for word in possible}
    if (found := by_key.get(wanted.casefold())) is None:
        raise WordNotUnderstood(wanted, nearest(wanted, by_key), tuple(by_key))
    return found
