"""Periods of reports, as typed in the account's time zone, and the earlier periods they are compared with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.windows import BETWEEN, DATE, months_later, on_wall, read_day
from core.errors import EndBeforeStart, PeriodAhead, PeriodNotUnderstood

DAY = timedelta(days=1)
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


@dataclass(frozen=True, kw_only=True)
class _Days:
    """Whole days [first, end) on the wall clock (naive midnights); `earlier` maps a moment to the period before."""

    first: datetime
    end: datetime
    earlier: Earlier


def parse_period(text: str, zone: ZoneInfo, now: datetime) -> Compared:
    """Parse `today`, `yesterday`, `week`, `month`, `year`, `30 days`, `2026-10-01 - 2026-10-31` or a single such day.

    Empty text means the last 30 days, including today. Weeks begin on Monday. Raises PeriodNotUnderstood, NoSuchDay,
    PeriodAhead, and EndBeforeStart (whose `ends_at` is the midnight that begins the last day, as typed).
    """
    wall = now.astimezone(zone).replace(tzinfo=None)
    try:
        days = _read(
            " ".join(text.split()).casefold() or DEFAULT, wall.replace(hour=0, minute=0, second=0, microsecond=0)
        )
        compared = _compared(days, wall, zone)
    except (ValueError, OverflowError):
        raise PeriodNotUnderstood(text) from None
    if days.end <= days.first:
        raise EndBeforeStart(compared.period.since, _at(days.end - DAY, zone))
    if compared.period.since > now:
        raise PeriodAhead(compared.period.since)
    return compared


def _read(text: str, today: datetime) -> _Days:
    if match := DAYS.fullmatch(text):
        length = int(match[1]) * DAY * (7 if match[2] == "week" else 1)
        return _Days(first=today + DAY - length, end=today + DAY, earlier=lambda wall: wall - length)
    if text in _CALENDAR:
        return _CALENDAR[text](today)
    dates = BETWEEN.split(text)
    if len(dates) > 2 or not all(map(DATE.fullmatch, dates)):  # noqa: PLR2004 - a first and a last day
        raise PeriodNotUnderstood(text)
    first, last = read_day(dates[0]), read_day(dates[-1])
    return _Days(first=first, end=last + DAY, earlier=lambda wall: wall - (last + DAY - first))


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
