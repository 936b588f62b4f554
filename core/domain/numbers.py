"""Parsing of whole numbers that people type: `1,000`, `1 000`, `50 people`."""

import re
from collections.abc import Collection

from core.domain.text import ROOM, plain
from core.domain.time_words import meanings, spelled

# Groups of three digits between commas, full stops, apostrophes or spaces, the same one throughout: 1,000,000
GROUPED = re.compile(r"[0-9]{1,3}([,.' ])[0-9]{3}(?:\1[0-9]{3})*")
COUNTED = re.compile(r"(?P<number>[0-9][0-9,.' ]*?) ?(?P<what>[^\W\d_]+)\.?")
COUNTED_WORDS = """
people person persons places place seats seat learners learner newcomers users
человек человека чел люди людей мест места место участников участника учеников ученика новичков
personas persona plazas plaza alumnos alumno gente puestos lugares usuarios
"""
PEOPLE = frozenset(spelled(word) for word in COUNTED_WORDS.split())
LONGEST_WORD = 20
MORE = re.compile(r"(?:\+|(?:ещё|еще|más|mas) )(?P<more>.+)|(?P<number>.+) (?:more|más|mas)", re.IGNORECASE)


def whole_number(text: str, highest: int) -> int | None:
    """Parse a whole number from 1 to `highest`, also with its digits in groups; return None for any other text."""
    if len(text) > ROOM * 2 * len(str(highest)):
        return None
    text = plain(text)
    if group := GROUPED.fullmatch(text):
        text = text.replace(group[1], "")
    if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) and 1 <= int(text) <= highest:
        return int(text)
    return None


def count_of_people(text: str, highest: int) -> int | None:
    """Parse a number as `whole_number` does, also with what is counted: `50 people`, `50 мест`, `50 personas`."""
    return _count(text, highest, PEOPLE)


def count_of_days(text: str, highest: int) -> int | None:
    """Parse a number as `whole_number` does, also with the word for days: `14 days`, `14 дней`, `14 días`."""
    return _count(text, highest, frozenset(word for word, meaning in meanings().items() if meaning == "day"))


def _count(text: str, highest: int, what: Collection[str]) -> int | None:
    if len(text) > ROOM * (2 * len(str(highest)) + LONGEST_WORD):
        return None
    found = COUNTED.fullmatch(plain(text))
    counts = found is not None and spelled(found["what"]) in what
    return whole_number(found["number"] if found and counts else text, highest)


def count_of_more(text: str, highest: int) -> int | None:
    """Parse how many more are wanted: `+20`, `+20 places`; return None for any other text."""
    found = MORE.fullmatch(plain(text[: ROOM * (2 * len(str(highest)) + LONGEST_WORD)]))
    return count_of_people(found["more"] or found["number"], highest) if found else None
