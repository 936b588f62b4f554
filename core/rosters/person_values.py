"""Reads the values of a person from the texts of a list: names, phone numbers, values of unique fields."""

import re
from dataclasses import dataclass

import phonenumbers

from core.domain.field_kinds import DEFINITIONS, Hints, Kind, WrongValue
from core.domain.text import is_oversized, tidy
from core.rosters.columns import UniqueField

REMARK = re.compile(r"\([^)]*\)")
LONGEST_NAME = 100  # characters, as the form's


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """What helps to read a list.

    `languages` (ISO 639) are those of the account, `region` (ISO 3166) that of phone numbers without a country code,
    `fields` the unique fields of its form. `email` is the place of the addresses (from 0) if a person has chosen it;
    `swapped`: they have said that first and last names are the other way round.
    """

    languages: tuple[str, ...] = ()
    region: str | None = None
    fields: tuple[UniqueField, ...] = ()
    email: int | None = None
    swapped: bool = False


def split_name(whole: str, *, last_first: bool = False, swapped: bool = False) -> tuple[str, str]:
    """Split a name into first and last: `Last, First` by its comma, others before the last word.

    `last_first`: others behind the first word, which is the last name; `swapped`: `First, Last` by a comma.
    """
    written = tidy(REMARK.sub(" ", whole))
    if "," in written:
        one, _, two = written.partition(",")
        first, last = (one, two) if swapped else (two, one)
    elif last_first:
        last, _, first = written.partition(" ")
    else:
        first, _, last = written.rpartition(" ")
        first, last = (first, last) if first else (last, "")
    return first.strip()[:LONGEST_NAME], last.strip()[:LONGEST_NAME]


def value(kind: Kind, text: str, expected: Expectations) -> str:
    """Return a value in its stored form; empty if there is none, or the text is none of this kind."""
    definition = DEFINITIONS[kind]
    if not text or is_oversized(text, LONGEST_NAME):
        return ""
    try:
        return definition.read(definition.normalise(text)[:LONGEST_NAME], Hints(region=expected.region))
    except WrongValue:
        return ""


def phone(text: str, expected: Expectations) -> str:
    """Return a phone number in its stored form; empty if there is none that makes sense in the account's region.

    A program that stores it as a number takes away its plus sign. That is put back only if no region is known: digits
    that are no number of the region may as well be a national number of another country.
    """
    found = value(Kind.PHONE, text, expected)
    digits = "".join(each for each in text if each.isdecimal())
    if found or expected.region or not digits:
        return found
    guessed = value(Kind.PHONE, f"+{digits}", expected)
    return guessed if guessed and phonenumbers.is_valid_number(phonenumbers.parse(guessed)) else ""
