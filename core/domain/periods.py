"""Periods of reports, as typed in the account's time zone, and the earlier periods they are compared with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.moments import BETWEEN, without_city
from core.domain.typed_times import Counted, OnWall, Unsure, read_time, reduced
from core.domain.windows import MINUTE, months_later, on_wall
from core.errors import EndBeforeStart, PeriodAhead, PeriodNotUnderstood, Reading, TimeAmbiguous, TimeNotUnderstood

DAY = timedelta(days=1)
SHORTEST_COMPARED = DAY - timedelta(hours=2)  # clocks go forward by two hours at most
DEFAULT = "30 days"
DAYS = re.compile(r"(?:last )?([1-9]\d{0,3}) ?(day|week)s?", re.ASCII)

Earlier = Callable[[datetime], datetime]


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


@dataclass(frozen=True, kw_only=True)
class _Days:
    """The time [first, end) on the wall clock (naive), mostly whole days, and the typed `last`, which it includes.

    `earlier` maps a moment to the period before.
    """

    first: datetime
    end: datetime
    earlier: Earlier
    last: datetime | None = None


def parse_period(text: str, zone: ZoneInfo, now: datetime) -> Compared:
    """Parse `today`, `yesterday`, `week`, `month`, `year`, `30 days`, `2026-10-01 - 2026-10-31` or a single such day.

    Days are written as for `parse_moment`, but those without a year, and weekdays, mean the last ones. Both ends can
    have a time too, and be written as the report writes them. Empty text means the last 30 days, including today.
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


def _read(text: str, wall: datetime, zone: ZoneInfo) -> _Days:
    today, meant = wall.replace(hour=0, minute=0, second=0, microsecond=0), " ".join(reduced(text))
    if match := DAYS.fullmatch(meant):
        length = int(match[1]) * DAY * (7 if match[2] == "week" else 1)
        return _Days(first=today + DAY - length, end=today + DAY, earlier=lambda wall: wall - length)
    if meant in _CALENDAR:
        return _CALENDAR[meant](today)
    ends = [_typed(end, wall, zone) for end in BETWEEN.split(text)]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or (len(ends) == 1 and first.clock):  # noqa: PLR2004 - two ends
        raise PeriodNotUnderstood(text)
    return _between(_wall(first, zone), _wall(last, zone), whole_day=last.clock is None)


def _typed(text: str, wall: datetime, zone: ZoneInfo) -> OnWall:
    """Read an end of a period. Raises TimeNotUnderstood, NoSuchDay, TimeAmbiguous."""
    counted = Counted(now=wall, since=wall, step=-1)
    try:
        found = read_time(text, counted)
    except Unsure as unsure:
        known = [(form, read_time(form, counted)) for form in unsure.forms]
        readings = [
            Reading(text=form, instant=_at(_wall(day, zone), zone)) for form, day in known if isinstance(day, OnWall)
        ]
        raise TimeAmbiguous(text, tuple(readings)) from None
    if found is None:
        return OnWall(day=wall.date(), clock=wall.time().replace(second=0, microsecond=0))
    if not isinstance(found, OnWall):
        raise TimeNotUnderstood(text)
    return found


def _between(since: datetime, until: datetime, *, whole_day: bool) -> _Days:
    """Return the time from a typed end to another, with the last day if that is whole."""
    end = until + DAY if whole_day else until  # arithmetic would forget which of two times it is
    return _Days(first=since, end=end, earlier=lambda wall: wall - (end - since), last=until)


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


def _compared(days: _Days, wall: datetime, zone: ZoneInfo) -> Compared:
    so_far = min(days.end, wall)
    return Compared(
        period=Period(since=_at(days.first, zone), until=_at(days.end, zone)),
        before=Period(since=_at(days.earlier(days.first), zone), until=_at(days.earlier(so_far), zone)),
    )


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    return on_wall(wall, wall.time(), zone)


_CALENDAR: dict[str, Callable[[datetime], _Days]] = {
    "today": lambda today: _Days(first=today, end=today + DAY, earlier=lambda wall: wall - DAY),
    "yesterday": lambda today: _Days(first=today - DAY, end=today, earlier=lambda wall: wall - DAY),
    "week": lambda today: _Days(
        first=today - today.weekday() * DAY, end=today + DAY, earlier=lambda wall: wall - 7 * DAY
    ),
    "month": lambda today: _Days(
        first=today.replace(day=1), end=today + DAY, earlier=lambda wall: months_later(wall, -1)
    ),
    "year": lambda today: _Days(
        first=today.replace(month=1, day=1), end=today + DAY, earlier=lambda wall: months_later(wall, -12)
    ),
}
