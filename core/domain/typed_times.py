"""Reads a typed time as a day, a clock and a distance: `tomorrow 18:00`, `24 декабря`, `en 2 semanas`, `+2w`.

The words are those of `time_words`. A text is matched by what its words mean: `до пятницы в 18:00` is `fri @ 18:00`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.time_words import AT, MONTHS, UNITS, WEEKDAYS, meanings, phrases, spelled
from core.domain.windows import months_later
from core.errors import NoSuchDay, TimeNotUnderstood

LONGEST = 100  # characters of a typed time
MOST_TOKENS = 12
DAY = timedelta(days=1)
CENTURY = 2000  # of a year of two digits
LEAP_YEARS_APART = 8  # at most, in years: 1896 and 1904
NOON = 12
ONE_OF_DAYS, ONE_OF_MONTHS, ONE_OF_UNITS = "|".join((*WEEKDAYS, "mar")), "|".join(MONTHS), "|".join(UNITS)

LATER = re.compile(rf"(?:(?:\+ ?|in )?(?P<count>[0-9]{{1,4}}) |in )(?P<unit>{ONE_OF_UNITS}|m)")
CLOCK = re.compile(
    r"(?:(?P<at>@) )?(?:(?P<noon>noon)|(?P<hour>[0-9]{1,2})(?:(?P<between>[:.])(?P<minute>[0-5][0-9]))?"
    r"(?P<hours> hour)?(?: (?P<half>am|pm|night|day))?)"
    r"(?P<utc> utc(?:(?P<ahead>[-+][0-9]{1,2})(?::(?P<rest>[0-5][0-9]))?)?)?"
)
WORD = re.compile(r"yesterday|today|tomorrow|overmorrow")
ON_WEEKDAY = re.compile(rf"(?P<next>next )?(?P<weekday>{ONE_OF_DAYS})")
END = re.compile(r"(?:1 )?end (?P<next>next )?(?P<unit>day|week|month|year)")
NTH = re.compile(r"(?P<day>[0-9]{1,2}) th")
DATES = tuple(
    re.compile(rf"(?:(?P<weekday>{ONE_OF_DAYS}) )?{form}")
    for form in (
        r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[12][0-9]{3}|[0-9]{2})",
        r"(?P<day>[0-9]{1,2})\.(?P<month>0?[1-9]|1[0-2])\.?",  # 18.30 is a clock
        r"(?P<day>[0-9]{1,2})(?P<slash>[/-])(?P<month>[0-9]{1,2})(?P=slash)(?P<year>[12][0-9]{3}|[0-9]{2})",
        r"(?P<day>[0-9]{1,2})(?P<slash>/)(?P<month>[0-9]{1,2})",
        rf"(?P<day>[0-9]{{1,2}})(?: th)? (?P<month>{ONE_OF_MONTHS})(?: (?P<year>[12][0-9]{{3}}))?",
        rf"(?P<month>{ONE_OF_MONTHS}) (?P<day>[0-9]{{1,2}})(?: th)?(?: (?P<year>[12][0-9]{{3}}))?",
    )
)
FOR = re.compile(rf"\bfor (?=(?P<unit>{ONE_OF_UNITS})?\b)")  # "for a month" is one word less in Russian
AWAY = {"yesterday": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}


@dataclass(frozen=True, kw_only=True)
class Later:
    """A number of units after the moment that is counted from; `unit` is one of UNITS."""

    count: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class OnWall:
    """A day and the time on its clock, None if it is the day alone; `ahead`: the typed minutes ahead of UTC."""

    day: date
    clock: time | None = None
    ahead: int | None = None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """From where days are counted, on the wall clock (naive): words from `now`, the nearest day of a name from `since`.

    The nearest one is sought among later days, or among earlier ones if `step` is -1.
    """

    now: datetime
    since: datetime
    step: int = 1


class Unsure(Exception):  # noqa: N818 - asked about, unless no answer makes sense
    """The text has several meanings: `forms` are texts with one meaning each."""

    def __init__(self, *forms: str) -> None:
        super().__init__(*forms)
        self.forms = forms


def read_time(text: str, counted: Counted) -> Later | OnWall | None:
    """Read a typed time; None is now. Raises TimeNotUnderstood, NoSuchDay, Unsure, OverflowError."""
    tokens = reduced(text) if len(text) <= LONGEST else []
    meant = " ".join(tokens)
    if meant == "now":
        return None
    if found := LATER.fullmatch(meant):
        return _later(found)
    for day, clock in _divided(tokens):
        if (at := CLOCK.fullmatch(clock)) is None and clock:
            continue
        if at and not _is_clock(at, alone=not day):
            continue
        if not day and at:
            return _next_clock(at, text, counted)
        if (found_day := _day(day, text, counted, at)) is not None:
            return _on_wall(found_day, at, text)
    raise TimeNotUnderstood(text)


def reduced(text: str, vocabulary: Mapping[str, str] | None = None) -> list[str]:
    """Return the meanings of a text's words, those of `time_words` by default, without those that add nothing."""
    known = meanings() if vocabulary is None else vocabulary
    written = re.sub(r"(?<=[0-9])t(?=[0-9])", " ", spelled(text))
    for phrase, meaning in phrases():
        written = phrase.sub(f" {meaning} ", written)
    apart = re.sub(r"(?<=[0-9])-?(?=[^\W\d_])", " ", written).split()
    meant = " ".join(filter(None, (known.get(word, word) for word in apart)))
    meant = FOR.sub(lambda found: "in " if found["unit"] else "", meant)
    return re.sub(r"(?<![0-9])([12][0-9]{3}) year\b", r"\1", meant).split()[: MOST_TOKENS + 1]


def read_clock(tokens: Sequence[str]) -> time | None:
    """Read a clock from the meanings of words; None if they are none."""
    at = CLOCK.fullmatch(" ".join(tokens))
    try:
        return _clock(at, at[0]) if at and not at["utc"] and _is_clock(at, alone=False) else None
    except TimeNotUnderstood:
        return None


def weekday_number(name: str) -> int | None:
    """Return the number of a weekday, 0 for Monday, by what its name means."""
    return WEEKDAYS.index("tue" if name == "mar" else name) if name in (*WEEKDAYS, "mar") else None


def _weekday(found: re.Match[str]) -> int:
    return weekday_number(found["weekday"]) or 0


def unknown_words(text: str) -> list[str]:
    """Return the words of a text, as `spelled` leaves them, that no language has for times."""
    return [word for word in re.findall(r"[^\W\d_]{4,}", spelled(text)) if word not in meanings()]


def _divided(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Divide the tokens into a day and a clock in all possible ways, one of which may be missing."""
    if not 0 < len(tokens) <= MOST_TOKENS:
        return
    for place in range(len(tokens), -1, -1):
        yield " ".join(tokens[:place]), " ".join(tokens[place:])
    for place in range(1, len(tokens)):
        yield " ".join(tokens[place:]), " ".join(tokens[:place])


def _later(found: re.Match[str]) -> Later:
    count, unit = int(found["count"] or 1), found["unit"]
    if unit == "m":
        raise Unsure(*(f"+{count} {each}" for each in ("minutes", "months")))
    return Later(count=count, unit=unit)


def _is_clock(at: re.Match[str], *, alone: bool) -> bool:
    """Return whether it can only be a clock: `9` alone is none, and `9.10` alone is a day."""
    if at["noon"]:
        return True
    if at["half"] == "day":  # Russian has one word for it and for "in the afternoon"
        return bool(at["at"] or at["hours"])
    if alone and at["between"] == "." and not at["half"]:
        return bool(at["at"]) or not 1 <= int(at["minute"]) <= NOON
    return bool(at["at"] or at["minute"] or at["half"])


def _clock(at: re.Match[str], text: str) -> time:
    if at["noon"]:
        return time(NOON)
    hour, half = int(at["hour"]), at["half"]
    if half and (hour <= NOON or half == "am"):  # `18:00 вечера` says it twice
        if not 1 <= hour <= NOON:
            raise TimeNotUnderstood(text)
        late = half in ("pm", "day") or (half == "night" and NOON // 2 <= hour < NOON)
        hour = hour % NOON + NOON * late
    if hour >= 2 * NOON:
        raise TimeNotUnderstood(text)
    return time(hour, int(at["minute"] or 0))


def _ahead(at: re.Match[str]) -> int | None:
    if not at["utc"]:
        return None
    hours = at["ahead"] or "+0"
    return (60 * abs(int(hours)) + int(at["rest"] or 0)) * (-1 if hours.startswith("-") else 1)


def _next_clock(at: re.Match[str], text: str, counted: Counted) -> OnWall:
    clock = _clock(at, text)
    now = counted.since.time().replace(second=0, microsecond=0)
    away = -(clock > now) if counted.step < 0 else clock < now
    return OnWall(day=counted.since.date() + DAY * away, clock=clock, ahead=_ahead(at))


def _on_wall(day: date, at: re.Match[str] | None, text: str) -> OnWall:
    return OnWall(day=day, clock=_clock(at, text), ahead=_ahead(at)) if at else OnWall(day=day)


def _day(written: str, text: str, counted: Counted, at: re.Match[str] | None) -> date | None:
    """Read a day; None if the text is none."""
    written = re.sub(rf"^(?:{AT} (?![0-9])|in )", "", written)
    if WORD.fullmatch(written):
        return counted.now.date() + AWAY[written] * DAY
    if found := END.fullmatch(written):
        return _end(found, counted)
    if found := NTH.fullmatch(written):
        return _nth(int(found["day"]), text, counted)
    if found := ON_WEEKDAY.fullmatch(written):
        return _on_weekday(found, counted, text, at)
    found = next(filter(None, (form.fullmatch(written) for form in DATES)), None)
    return _date(found, counted, text, at) if found else None


def _end(found: re.Match[str], counted: Counted) -> date:
    """Return the last day of a week, month or year."""
    since, further = counted.since, bool(found["next"])
    match found["unit"]:
        case "day":
            return since.date() + DAY * further
        case "week":
            return since.date() + DAY * (6 - since.weekday() + 7 * further)
        case "month":
            return (months_later(since.replace(day=1), 1 + further) - DAY).date()
        case _:
            return date(since.year + further, 12, 31)


def _nth(day: int, text: str, counted: Counted) -> date:
    """Return the nearest day of a month with this number, in a month that has it."""
    if not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
        raise NoSuchDay(text)
    first, from_day = counted.since.replace(day=1), counted.since.date()
    months = (months_later(first, counted.step * further) for further in range(4))
    days = (_in_year(month.year, month.month, day) for month in months)
    return next(each for each in days if each and counted.step * (each - from_day).days >= 0)


def _on_weekday(found: re.Match[str], counted: Counted, text: str, at: re.Match[str] | None) -> date:
    """Return the nearest day of that name; on that day, and with `next`, the one after it may be meant as well."""
    away = (_weekday(found) - counted.since.weekday()) * counted.step % 7 * counted.step
    nearest = counted.since.date() + away * DAY
    if counted.step < 0 or not (found["next"] or nearest == counted.now.date()):
        return nearest
    if found["next"] and not away:
        return nearest + 7 * DAY
    clock = f" {_clock(at, text):%H:%M}" if at else ""
    raise Unsure(*(f"{day}{clock}" for day in (nearest, nearest + 7 * DAY)))


def _date(found: re.Match[str], counted: Counted, text: str, at: re.Match[str] | None) -> date:
    """Return the day of a date, which is in the nearest year if it names none."""
    named, year = found["month"] in MONTHS, found.groupdict().get("year")
    month = MONTHS.index(found["month"]) + 1 if named else int(found["month"])
    numbers = int(found["day"]), month
    swapped = (numbers[1], numbers[0]) if found.groupdict().get("slash") else numbers
    both = {pair: _full(pair, year, counted) for pair in (numbers, swapped)}
    days = [day for day in both.values() if day]
    if found["weekday"]:
        days = [day for day in days if day.weekday() == _weekday(found)]
    if not days:
        raise NoSuchDay(text if named or found["weekday"] else found[0])
    if len(days) == 1:
        return days[0]
    clock = f" {_clock(at, text):%H:%M}" if at else ""
    raise Unsure(*(f"{day}{clock}" for day in days))


def _full(day_and_month: tuple[int, int], year: str | None, counted: Counted) -> date | None:
    """Return the date, None if there is none."""
    day, month = day_and_month
    if year:
        return _in_year(int(year) + CENTURY * (len(year) == 2), month, day)  # noqa: PLR2004 - digits
    since = counted.since.date()
    years = (since.year + counted.step * further for further in range(LEAP_YEARS_APART + 1))
    days = (_in_year(each, month, day) for each in years)
    return next((each for each in days if each and counted.step * (each - since).days >= 0), None)


def _in_year(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
