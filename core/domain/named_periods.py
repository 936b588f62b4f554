"""Periods by their names, in the words of three languages: `last week`, `november 2025`, `q3`, `los últimos 3 meses`.

The words are those of `time_words`, and those that only periods have. A text is matched by what its words mean:
`за прошлую неделю` is `last week`, and `noviembre del año pasado` is `nov year last`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from core.domain.moments import CALENDAR
from core.domain.period_words import period_words
from core.domain.time_words import AT, MONTHS, WEEKDAYS, meanings, spelled
from core.domain.typed_times import LONGEST, MOST_TOKENS, Unsure, reduced, weekday_number
from core.domain.windows import months_later

DAY = timedelta(days=1)
Earlier = Callable[[datetime], datetime]

AUGUST = "ago"  # in Spanish; in English it is a word of its own
_MOVED: Mapping[str, Callable[[datetime, int], datetime]] = {
    **CALENDAR,
    "quarter": lambda wall, count: months_later(wall, 3 * count),
    "half": lambda wall, count: months_later(wall, 6 * count),
}
_UNIT, _MONTH, _WEEKDAY = "|".join(_MOVED), "|".join((*MONTHS, AUGUST)), "|".join((*WEEKDAYS, "mar"))
_COUNT, _WHICH = "[1-9][0-9]{0,3}", "last|this|next"
IN = rf"(?:(?:{AT}|in) )?"  # `на этой неделе`, `in the past week`, `en noviembre`
AHEAD = re.compile(rf"(?:in |\+ ?)(?:(?P<count>{_COUNT}) )?(?P<unit>{_UNIT})")
COMING = re.compile(rf"{IN}(?:next {_COUNT}|{_COUNT} next) (?:{_UNIT})")
ROLLING = re.compile(
    rf"{IN}(?:(?:(?:last|past) )?(?P<count>{_COUNT}) (?:(?:last|past) )?(?P<unit>{_UNIT})s?(?: last)?"
    rf"|past (?P<one>{_UNIT}))"
)
AGO = re.compile(
    rf"back (?:(?P<count>{_COUNT}) )?(?P<unit>{_UNIT})s?|(?:(?P<many>{_COUNT}) )?(?P<of>{_UNIT})s? (?:ago|back)"
)
HOURS = re.compile(
    rf"(?:{IN}(?:last|past) )?(?P<count>{_COUNT}) (?:(?:last|past) )?hour(?: last)?|{IN}(?:last|past) hour"
)
DAY_BY_NAME = re.compile(rf"{IN}(?:day )?(?P<name>(?:day before )?yesterday|today|tomorrow|overmorrow)(?: day)?")
UNIT = re.compile(rf"{IN}(?:(?P<before>{_WHICH}) )?(?P<unit>{_UNIT})(?: (?:in )?(?P<behind>{_WHICH}))?")
MONTH = re.compile(
    rf"{IN}(?:(?P<before>{_WHICH}) )?(?P<month>{_MONTH})(?: (?P<behind>{_WHICH})(?! year))?"
    rf"(?: (?P<year>[12][0-9]{{3}}|(?:(?:{_WHICH}) )?year(?: (?:{_WHICH}))?))?"
)
NUMBERED = re.compile(
    rf"{IN}(?:(?P<year>[12][0-9]{{3}})-(?P<month>[0-9]{{1,2}})|(?P<first>[0-9]{{1,2}})[./](?P<of>[12][0-9]{{3}}))"
)
YEAR = re.compile(rf"{IN}(?:year )?(?P<year>[12][0-9]{{3}})")
NUMBERED_UNIT = re.compile(
    rf"{IN}(?:(?P<nth>[1-4]) (?:th )?quarter|(?:q|quarter )(?P<quarter>[1-4])"
    rf"|(?P<nth_half>[12]) (?:th )?half|(?:h|half )(?P<half>[12])"
    rf"|(?:w|week )(?P<week>[0-9]{{1,2}})|(?P<nth_week>[0-9]{{1,2}}) th week)(?: (?P<year>[12][0-9]{{3}}))?"
)
ON_WEEKDAY = re.compile(
    rf"{IN}(?:(?P<before>{_WHICH}|past) (?P<weekday>{_WEEKDAY})|(?P<named>{_WEEKDAY}) (?P<behind>{_WHICH}))"
)
# `за неделю` is up to now, as `past week`
OVER = re.compile(r"^за (?=(?:неделю|месяц|квартал|полугодие|полгода|год)$)", re.IGNORECASE)
# `47 неделя` and `48 semana` are weeks of the calendar, as the singular says: so many weeks would be in the plural.
THE_WEEK = re.compile(
    r"^(?:(?P<ru>[2-9]|[1-5][0-9])(?:-?я)? неделя|(?P<other>[1-5][0-9]) (?:week|semana))\b", re.IGNORECASE
)
HALF_YEAR = re.compile("half(?:-|(?: 1)? )year")
EITHER, THE_MONTH = "mar", "march"  # Spanish abbreviates a weekday and a month so
_BEGINNING: Mapping[str, Earlier] = {
    "day": lambda today: today,
    "week": lambda today: today - today.weekday() * DAY,
    "month": lambda today: today.replace(day=1),
    "quarter": lambda today: today.replace(month=today.month - (today.month - 1) % 3, day=1),
    "half": lambda today: today.replace(month=today.month - (today.month - 1) % 6, day=1),
    "year": lambda today: today.replace(month=1, day=1),
}
_SHIFT: Mapping[str, int] = {"last": -1, "this": 0, "next": 1}  # from what is running, in its units
_DAYS_AHEAD: Mapping[str, int] = {
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "overmorrow": 2,
}


@dataclass(frozen=True, kw_only=True)
class Days:
    """The time [first, end) on the wall clock (naive), mostly whole days, and the typed `last`, which it includes.

    `earlier` maps a moment to the period before. `unit` is the calendar's unit that it is, as far as that has come.
    """

    first: datetime
    end: datetime
    earlier: Earlier
    last: datetime | None = None
    unit: str | None = None


def read_named(text: str, today: datetime) -> Days | None:
    """Read a period by its name; None if the text is none.

    `today` is the midnight (naive) that begins the day. What is still running ends with that day. A month without a
    year is the last one that has begun; `last` before it, or before a weekday, means the last one that is over. What
    lies ahead begins after today. Raises Unsure for `mar`, and ValueError or OverflowError for years that no calendar
    has.
    """
    if len(text) > LONGEST:
        return None
    if spelled(text) == EITHER:
        raise Unsure(THE_MONTH, f"{_weekday_before(EITHER, today + DAY):%Y-%m-%d}")
    meant = _meant(text)
    found = ((form.fullmatch(meant), read) for form, read in _FORMS)
    return next((read(match, today) for match, read in found if match), None)


def read_hours(text: str) -> int | None:
    """Return of how many hours up to now a text speaks, as in `last 24 hours`; None if it doesn't."""
    found = HOURS.fullmatch(_meant(text)) if len(text) <= LONGEST else None
    return int(found["count"] or 1) if found else None


def read_day_ago(text: str, today: datetime) -> datetime | None:
    """Return the day that was so long ago, as in `2 weeks ago`; None if a text isn't of this form.

    As a period of its own, such a text is the whole unit: the calendar week in which that day is.
    """
    found = AGO.fullmatch(_meant(text)) if len(text) <= LONGEST else None
    return _MOVED[found["unit"] or found["of"]](today, -_units(found)) if found else None


def _meant(text: str) -> str:
    plain = THE_WEEK.sub(lambda found: f"week {found['ru'] or found['other']}", OVER.sub("past ", text.strip()))
    return HALF_YEAR.sub("half", " ".join(reduced(plain, _vocabulary())[:MOST_TOKENS]))


@cache
def _vocabulary() -> Mapping[str, str]:
    return {**meanings(), **period_words()}


def _ahead(found: re.Match[str], today: datetime) -> Days:
    """Return the day that is so far ahead."""
    return _whole("day", _MOVED[found["unit"]](today, int(found["count"] or 1)), today)


def _coming(_found: re.Match[str], today: datetime) -> Days:
    """Return the first of the coming days: how many there are doesn't matter, since there is nothing to report."""
    return _calendar("day", 1, today)


def _rolling(found: re.Match[str], today: datetime) -> Days:
    """Return so many days or longer units, up to and including today."""
    count, move = int(found["count"] or 1), _MOVED[found["unit"] or found["one"]]
    end = today + DAY
    return Days(first=move(end, -count), end=end, earlier=lambda wall: move(wall, -count))


def _ago(found: re.Match[str], today: datetime) -> Days:
    return _calendar(found["unit"] or found["of"], -_units(found), today)


def _units(ago: re.Match[str]) -> int:
    return int(ago["count"] or ago["many"] or 1)


def _day_by_name(found: re.Match[str], today: datetime) -> Days:
    return _calendar("day", _DAYS_AHEAD[found["name"]], today)


def _unit(found: re.Match[str], today: datetime) -> Days:
    return _calendar(found["unit"], _SHIFT[found["before"] or found["behind"] or "this"], today)


def _calendar(unit: str, ahead: int, today: datetime) -> Days:
    """Return the day, week, month, quarter or year of today, or one so many units ahead."""
    return _whole(unit, _MOVED[unit](_BEGINNING[unit](today), ahead), today)


def _whole(unit: str, first: datetime, today: datetime) -> Days:
    """Return the unit that begins then, as far as it has come."""
    move = _MOVED[unit]
    end = min(move(first, 1), max(first, today) + DAY)
    return Days(first=first, end=end, earlier=lambda wall: move(wall, -1), unit=unit)


def _month(found: re.Match[str], today: datetime) -> Days:
    """Return a month of the year that is named, or the last one up to now, a month ago, or in a year."""
    month = MONTHS.index("aug" if found["month"] == AUGUST else found["month"]) + 1
    year, which = found["year"], found["before"] or found["behind"]
    if year is None and which != "this":
        latest = months_later(today.replace(day=1), {"last": -1, None: 0, "next": 12}[which])
        number = latest.year - (month > latest.month)
    elif year and year.isdigit():
        number = int(year)
    else:
        number = today.year + sum(_SHIFT.get(word, 0) for word in (year or "").split())
    return _whole("month", today.replace(year=number, month=month, day=1), today)


def _numbered(found: re.Match[str], today: datetime) -> Days:
    year, month = found["year"] or found["of"], found["month"] or found["first"]
    return _whole("month", today.replace(year=int(year), month=int(month), day=1), today)


def _year(found: re.Match[str], today: datetime) -> Days:
    return _whole("year", today.replace(year=int(found["year"]), month=1, day=1), today)


def _numbered_unit(found: re.Match[str], today: datetime) -> Days:
    """Return a half or a quarter, or a week (ISO 8601), of the year that is named, or the last one that has begun."""
    half, quarter = found["nth_half"] or found["half"], found["nth"] or found["quarter"]

    def begins(year: int) -> datetime:
        if half:
            return today.replace(year=year, month=6 * int(half) - 5, day=1)
        if quarter:
            return today.replace(year=year, month=3 * int(quarter) - 2, day=1)
        return datetime.fromisocalendar(year, int(found["week"] or found["nth_week"]), 1)

    if found["year"]:
        first = begins(int(found["year"]))
    else:
        first = next(at for year in (today.year + 1, today.year, today.year - 1) if (at := begins(year)) <= today)
    return _whole("half" if half else "quarter" if quarter else "week", first, today)


def _on_weekday(found: re.Match[str], today: datetime) -> Days:
    """Return the day of that name in this week, after today, or before it."""
    name, week = found["weekday"] or found["named"], 7 * DAY
    match found["before"] or found["behind"]:
        case "this":
            first = _weekday_before(name, _BEGINNING["week"](today) + week)
        case "next":
            first = _weekday_before(name, today + DAY) + week
        case _:
            first = _weekday_before(name, today)
    return _whole("day", first, today)


def _weekday_before(name: str, day: datetime) -> datetime:
    """Return the midnight that begins the last day of that name before a day."""
    away = (day.weekday() - (weekday_number(name) or 0) - 1) % 7 + 1
    return day - away * DAY


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Days]], ...] = (
    (AHEAD, _ahead),  # before what `in` may precede as well: `через неделю` isn't `на этой неделе`
    (COMING, _coming),
    (NUMBERED_UNIT, _numbered_unit),  # `3 quarter` is the third one
    (ROLLING, _rolling),
    (AGO, _ago),
    (DAY_BY_NAME, _day_by_name),
    (UNIT, _unit),
    (MONTH, _month),
    (NUMBERED, _numbered),
    (YEAR, _year),
    (ON_WEEKDAY, _on_weekday),
)
