"""Periods of reports, as typed in the account's time zone, and the earlier periods they are compared with."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.moments import BETWEEN, without_city
from core.domain.named_periods import DAY, Days, read_day_ago, read_hours, read_named
from core.domain.typed_times import Counted, OnWall, Unsure, read_time, reduced
from core.domain.windows import MINUTE, on_wall
from core.errors import EndBeforeStart, PeriodAhead, PeriodNotUnderstood, Reading, TimeAmbiguous, TimeNotUnderstood

SHORTEST_COMPARED = DAY - timedelta(hours=2)  # clocks go forward by two hours at most
DEFAULT = "30 days"
SINCE = re.compile(
    r"(?:since|from|starting from|с|со|начиная с|desde|a partir del?) "
    r"(?:(?:the )?(?:beginning|start) of |(?:самого )?начала |(?:el )?(?:principios?|inicios?|comienzos?) del? )?"
    r"(?P<first>.+)",
    re.IGNORECASE,
)
UNTIL_NOW = re.compile(
    r"(?:so far|(?:en )?lo que va del?) (?P<running>.+)"
    r"|(?P<first>.+) (?:so far|to date|(?:until|till|up to|to) (?:now|today)"
    r"|(?:по|до|на) (?:сегодня|сегодняшний день|сегодняшнего дня|сейчас|сей день|настоящее время)"
    r"|hasta (?:ahora|hoy|la fecha))",
    re.IGNORECASE,
)
FROM_TO = tuple(
    re.compile(form.format(first="(?P<first>.+?)", last="(?P<last>.+)"), re.IGNORECASE)
    for form in (
        "(?:(?:since|from) )?{first} (?:until|till|up to|to|through) {last}",
        "between {first} and {last}",
        "(?:(?:с|со) )?{first} (?:по|до) {last}",
        "между {first} и {last}",
        "(?:desde|del?) {first} (?:hasta|al?(?! las? )) {last}",  # but `a las 9` is a clock
        "{first} hasta {last}",
        "(?=[0-9]){first} al {last}",
        "entre {first} y {last}",
    )
)
DAYS_OF_MONTH = re.compile(
    r"(?:(?P<before>[^\W\d]+\.?) )?(?P<first>[0-9]{1,2})(?: - |-)(?P<last>[0-9]{1,2})(?P<behind> .+)?"
)
DATE = r"[0-9]{1,2}[./][0-9]{1,2}(?:[./][0-9]{2,4})?"
DATES = re.compile(rf"(?P<first>{DATE})[-–](?P<last>{DATE})")  # `01.10-15.10`
DAY_NUMBER = re.compile(r"(?P<day>[0-9]{1,2})(?: th)?")  # by what the words mean
MOST_APART = timedelta(days=335)  # ends without a year: `20 oct - 5 oct` is rather a mistake than most of a year


@dataclass(frozen=True, kw_only=True)
class Period:
    """The half-open interval [since, until), aware UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A period and the one before it, which ends at the corresponding moment if the period is still running."""

    period: Period
    before: Period

    @property
    def is_telling(self) -> bool:
        """Whether the period is long enough for a comparison to tell anything."""
        return is_compared(self.period.since, self.period.until)


def is_compared(since: datetime, until: datetime) -> bool:
    """Return whether a time is compared with the one before: if it is a day at least, by the clock that may change.

    What came in some hours is mostly chance, and depends on which hours they are.
    """
    return until - since >= SHORTEST_COMPARED


def parse_period(text: str, zone: ZoneInfo, now: datetime) -> Compared:
    """Parse `today`, `week`, `last month`, `november 2025`, `30 days`, `2026-10-01 - 2026-10-31` or a single such day.

    Days are written as for `parse_moment`, but those without a year, and weekdays, mean the last ones. Both ends can
    have a time too, be written as the report writes them (`1 – 31 October 2026`), or be named: `sep - nov`. `since
    monday` and `month to date` end with today, `last 24 hours` now. Empty text means the last 30 days, including today.
    Weeks begin on Monday. Raises PeriodNotUnderstood, NoSuchDay, PeriodAhead, TimeAmbiguous, and EndBeforeStart (whose
    `ends_at` is as typed, for a day alone the midnight that begins it).
    """
    wall = now.astimezone(zone).replace(tzinfo=None)
    try:
        days = _read(without_city(text, zone) or DEFAULT, wall, zone)
        compared = _compared(days, wall, zone)
    except (ValueError, OverflowError, TimeNotUnderstood):
        raise PeriodNotUnderstood(text) from None
    if compared.period.until <= compared.period.since:
        raise EndBeforeStart(compared.period.since, _at(days.last or days.end, zone))
    if compared.period.since > now:
        raise PeriodAhead(compared.period.since)
    return compared


def whole_days(period: Period, zone: ZoneInfo) -> tuple[date, date] | None:
    """Return the first and the last day of a period that consists of whole days of the zone; None of any other."""
    first, behind = (datetime.combine(at.astimezone(zone).date(), time()) for at in (period.since, period.until))
    if (_at(first, zone), _at(behind, zone)) != (period.since, period.until) or first >= behind:
        return None
    return first.date(), (behind - DAY).date()


def _read(text: str, wall: datetime, zone: ZoneInfo) -> Days:
    ends = _ends(text)
    if len(ends) > 2:  # noqa: PLR2004 - two ends
        raise TimeNotUnderstood(text)
    if len(ends) == 1 and (begins_with := _until_now(text)):
        return _since(begins_with, wall, zone)
    if len(ends) == 1 and (named := _named(text, wall, zone)):
        return named
    last = _end(ends[-1], wall, zone)
    if len(ends) == 1 and last.first == last.end:
        raise TimeNotUnderstood(text)
    first = last if len(ends) == 1 else _first(ends[0], last, wall, zone)
    return _between(first.first, last.first, last.end)


def _first(text: str, last: Days, wall: datetime, zone: ZoneInfo) -> Days:
    """Read the first end of a period: a day's number is of the month of the last one, a weekday is the one before it.

    Raises ValueError if the month has no such day.
    """
    number = DAY_NUMBER.fullmatch(" ".join(reduced(text)))
    if number and last.end - last.first == DAY:
        return _day(last.first.replace(day=int(number["day"])))
    first = _end(text, wall, zone)
    if first.first <= last.first:
        return first
    before = _end(text, wall, zone, since=last.first)
    return before if last.first - before.first <= MOST_APART else first


def _ends(text: str) -> list[str]:
    """Return both ends of a period, or the only text of one that is named, or that runs until now."""
    if UNTIL_NOW.fullmatch(text):
        return [text]
    days = DAYS_OF_MONTH.fullmatch(text)
    if days and (month := days["before"]):  # `november 1-15 2025`
        return [f"{month} {days[end]}{days['behind'] or ''}" for end in ("first", "last")]
    if days and days["behind"]:
        return [days["first"], days["last"] + days["behind"]]
    span = next(filter(None, (form.fullmatch(text) for form in (DATES, *FROM_TO))), None)
    return [span["first"], span["last"]] if span else BETWEEN.split(text)


def _until_now(text: str) -> str | None:
    """Return what begins a period that runs until now, as in `since monday` or `month to date`; None of any other."""
    running = UNTIL_NOW.fullmatch(text)
    since = SINCE.fullmatch((running["running"] or running["first"]) if running else text)
    return since["first"] if since else running and (running["running"] or running["first"])


def _since(first: str, wall: datetime, zone: ZoneInfo) -> Days:
    """Return the time from the beginning of a typed end until now; what still runs, or lies ahead, is all of it."""
    begins = _end(first, wall, zone)
    if begins.first < begins.end:
        running = begins.end >= wall
        return begins if running else _between(begins.first, begins.first, _midnight(wall) + DAY)
    passed, end = wall - begins.first, _in_a_minute(wall, zone)
    return Days(first=begins.first, end=max(end, begins.first + MINUTE), earlier=lambda at: at - passed)


def _named(text: str, wall: datetime, zone: ZoneInfo) -> Days | None:
    """Read a period by its name; None if the text is none. Raises TimeAmbiguous."""
    if hours := read_hours(text):
        return _hours(hours, wall, zone)
    try:
        return read_named(text, _midnight(wall))
    except Unsure as unsure:
        raise _ambiguous(text, unsure, wall, zone) from None


def _midnight(wall: datetime) -> datetime:
    return wall.replace(hour=0, minute=0, second=0, microsecond=0)


def _in_a_minute(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return where a period ends that runs until now: behind who signs up at this very moment."""
    return (_at(wall, zone) + MINUTE).astimezone(zone).replace(tzinfo=None)


def _hours(count: int, wall: datetime, zone: ZoneInfo) -> Days:
    """Return so many hours up to now, whatever clocks did meanwhile."""

    def earlier(at: datetime) -> datetime:
        return (_at(at, zone) - timedelta(hours=count)).astimezone(zone).replace(tzinfo=None)

    return Days(first=earlier(wall), end=_in_a_minute(wall, zone), earlier=earlier)


def _ambiguous(text: str, unsure: Unsure, wall: datetime, zone: ZoneInfo) -> TimeAmbiguous:
    """Return the refusal that names all meanings of a text, each as the day, the month or the moment that it is."""
    meant = [(form, _end(form, wall, zone)) for form in unsure.forms]
    return TimeAmbiguous(
        text, tuple(Reading(text=form, instant=_at(days.first, zone), unit=days.unit) for form, days in meant)
    )


def _end(text: str, wall: datetime, zone: ZoneInfo, since: datetime | None = None) -> Days:
    """Read an end of a period: a named period, a whole day, or a moment, which takes no time.

    Weekdays and what has no year are the last ones before `since`, which is now if it is None.
    """
    if day := read_day_ago(text, _midnight(wall)):
        return _day(day)
    if named := _named(text, wall, zone):
        return named
    typed = _typed(text, Counted(now=wall, since=since or wall, step=-1), zone)
    at = _wall(typed, zone)
    return _between(at, at, at) if typed.clock else _day(at)


def _day(midnight: datetime) -> Days:
    return _between(midnight, midnight, midnight + DAY, unit="day")


def _typed(text: str, counted: Counted, zone: ZoneInfo) -> OnWall:
    """Read an end of a period. Raises TimeNotUnderstood, NoSuchDay, TimeAmbiguous."""
    wall = counted.now
    try:
        found = read_time(text, counted)
    except Unsure as unsure:
        raise _ambiguous(text, unsure, wall, zone) from None
    if found is None:
        return OnWall(day=wall.date(), clock=wall.time().replace(second=0, microsecond=0))
    if not isinstance(found, OnWall):
        raise TimeNotUnderstood(text)
    return found


def _between(first: datetime, last: datetime, end: datetime, unit: str | None = None) -> Days:
    """Return the time from the beginning of a typed end to the end of another, which begins at `last`."""
    return Days(first=first, end=end, earlier=lambda wall: wall - (end - first), last=last, unit=unit)


def _wall(typed: OnWall, zone: ZoneInfo) -> datetime:
    """Return the wall-clock time (naive), the second of two if the typed distance from UTC says so.

    Raises ValueError if the zone has no such distance then.
    """
    first = datetime.combine(typed.day, typed.clock or time())
    if typed.ahead is None:
        return first
    for wall in (first, first.replace(fold=1)):
        if wall.replace(tzinfo=zone).utcoffset() == typed.ahead * MINUTE:
            return wall
    message = "the zone is never so far from UTC at this time"
    raise ValueError(message)


def _compared(days: Days, wall: datetime, zone: ZoneInfo) -> Compared:
    so_far = min(days.end, wall)
    return Compared(
        period=Period(since=_at(days.first, zone), until=_at(days.end, zone)),
        before=Period(since=_at(days.earlier(days.first), zone), until=_at(days.earlier(so_far), zone)),
    )


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    return on_wall(wall, wall.time(), zone)
