"""Periods by their names, in the words of three languages: `last week`, `november 2025`, `los últimos 3 meses`.

The words are those of `time_words`, and those that only tell of the past. A text is matched by what its words mean:
`за прошлую неделю` is `last week`, and `noviembre del año pasado` is `nov year last`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from core.domain.moments import CALENDAR
from core.domain.time_words import AT, MONTHS, WEEKDAYS, spelled
from core.domain.typed_times import LONGEST, MOST_TOKENS, Unsure, reduced, weekday_number
from core.domain.windows import months_later

DAY = timedelta(days=1)
Earlier = Callable[[datetime], datetime]

_PREPOSITIONAL = (
    *("январе", "феврале", "марте", "апреле", "мае", "июне"),
    *("июле", "августе", "сентябре", "октябре", "ноябре", "декабре"),
)  # of Russian months
_WORDS: Mapping[str, str] = {  # meaning -> words that `time_words` doesn't have
    "last": (
        "last previous прошлый прошлая прошлое прошлую прошлой прошлого прошлом прошлые прошлых"
        " предыдущий предыдущая предыдущее предыдущую предыдущей предыдущего предыдущем предыдущие предыдущих"
        " pasado pasada pasados pasadas anterior anteriores"
    ),
    "past": (
        "past последний последняя последнее последнюю последней последнего последнем последние последних"
        " ultimo ultima ultimos ultimas"
    ),
    "": "during за эта этом эти весь всю whole entire todo toda",
    "month": "месяце",
    **dict(zip(MONTHS, _PREPOSITIONAL, strict=True)),
}
_UNIT, _MONTH, _WEEKDAY = "|".join(CALENDAR), "|".join(MONTHS), "|".join((*WEEKDAYS, "mar"))
ROLLING = re.compile(
    rf"(?:(?:last|past) )?(?P<count>[1-9][0-9]{{0,3}}) (?:past )?(?P<unit>{_UNIT})|(?:{AT} )?past (?P<one>{_UNIT})"
)
UNIT = re.compile(rf"(?:{AT} )?(?P<before>last )?(?P<unit>week|month|year)(?P<behind> last)?")
MONTH = re.compile(
    rf"(?:(?:{AT}|in) )?(?P<before>last )?(?P<month>{_MONTH})(?P<behind> last(?! year))?"
    r"(?: (?P<year>[12][0-9]{3}|(?:last )?year(?: last)?))?"
)
NUMBERED = re.compile(r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{1,2})|(?P<first>[0-9]{1,2})[./](?P<of>[12][0-9]{3})")
YEAR = re.compile(rf"(?:(?:{AT}|in) )?(?:year )?(?P<year>[12][0-9]{{3}})")
ON_WEEKDAY = re.compile(rf"(?:{AT} )?(?:last (?P<before>{_WEEKDAY})|(?P<behind>{_WEEKDAY}) last)")
EITHER, THE_MONTH = "mar", "march"  # Spanish abbreviates a weekday and a month so
_BEGINNING: Mapping[str, Earlier] = {
    "day": lambda today: today,
    "week": lambda today: today - today.weekday() * DAY,
    "month": lambda today: today.replace(day=1),
    "year": lambda today: today.replace(month=1, day=1),
}
_OF_ONE_DAY: Mapping[str, int] = {"today": 0, "yesterday": 1}  # how many days ago


@dataclass(frozen=True, kw_only=True)
class Days:
    """The time [first, end) on the wall clock (naive), mostly whole days, and the typed `last`, which it includes.

    `earlier` maps a moment to the period before.
    """

    first: datetime
    end: datetime
    earlier: Earlier
    last: datetime | None = None


def read_named(text: str, today: datetime) -> Days | None:
    """Read a period by its name; None if the text is none.

    `today` is the midnight (naive) that begins the day. What is still running ends with that day. A month without a
    year is the last one that has begun; `last` before it, or before a weekday, means the last one that is over.
    Raises Unsure for `mar`, and ValueError or OverflowError for years that no calendar has.
    """
    if len(text) > LONGEST:
        return None
    if spelled(text) == EITHER:
        raise Unsure(THE_MONTH, f"{_weekday(EITHER, today + DAY).first:%Y-%m-%d}")
    meant = _meant(text)
    if meant in _OF_ONE_DAY:
        return _calendar("day", _OF_ONE_DAY[meant], today)
    found = ((form.fullmatch(meant), read) for form, read in _FORMS)
    return next((read(match, today) for match, read in found if match), None)


def _meant(text: str) -> str:
    words = (period_words().get(token, token) for token in reduced(text)[:MOST_TOKENS])
    return " ".join(filter(None, words))


@cache
def period_words() -> Mapping[str, str]:
    """Return what each word means that only periods have."""
    return {word: meaning for meaning, words in _WORDS.items() for word in words.split()}


def _rolling(found: re.Match[str], today: datetime) -> Days:
    """Return so many days or longer units, up to and including today."""
    count, move = int(found["count"] or 1), CALENDAR[found["unit"] or found["one"]]
    end = today + DAY
    return Days(first=move(end, -count), end=end, earlier=lambda wall: move(wall, -count))


def _unit(found: re.Match[str], today: datetime) -> Days:
    return _calendar(found["unit"], int(bool(found["before"] or found["behind"])), today)


def _calendar(unit: str, back: int, today: datetime) -> Days:
    """Return the day, week, month or year of today, or one so many units back."""
    return _whole(unit, CALENDAR[unit](_BEGINNING[unit](today), -back), today)


def _whole(unit: str, first: datetime, today: datetime) -> Days:
    """Return the unit that begins then, as far as it has come."""
    move = CALENDAR[unit]
    end = min(move(first, 1), max(first, today) + DAY)
    return Days(first=first, end=end, earlier=lambda wall: move(wall, -1))


def _month(found: re.Match[str], today: datetime) -> Days:
    first = today.replace(day=1, month=MONTHS.index(found["month"]) + 1)
    if (year := found["year"]) is None:
        over = months_later(today.replace(day=1), -int(bool(found["before"] or found["behind"])))
        first = first.replace(year=today.year - (first > over))
    else:
        first = first.replace(year=int(year) if year.isdigit() else today.year - ("last" in year))
    return _whole("month", first, today)


def _numbered(found: re.Match[str], today: datetime) -> Days:
    year, month = found["year"] or found["of"], found["month"] or found["first"]
    return _whole("month", today.replace(year=int(year), month=int(month), day=1), today)


def _year(found: re.Match[str], today: datetime) -> Days:
    return _whole("year", today.replace(year=int(found["year"]), month=1, day=1), today)


def _last_weekday(found: re.Match[str], today: datetime) -> Days:
    return _weekday(found["before"] or found["behind"], today)


def _weekday(name: str, today: datetime) -> Days:
    """Return the last day of that name before today."""
    away = (today.weekday() - (weekday_number(name) or 0) - 1) % 7 + 1
    return _whole("day", today - away * DAY, today)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Days]], ...] = (
    (ROLLING, _rolling),
    (UNIT, _unit),
    (MONTH, _month),
    (NUMBERED, _numbered),
    (YEAR, _year),
    (ON_WEEKDAY, _last_weekday),
)
