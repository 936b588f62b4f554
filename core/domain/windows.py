"""Moments and windows as people type them, in the account's time zone.

All moments are aware UTC; a wall-clock time is a naive datetime, and only this module creates them.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import EndBeforeStart, NoSuchDay, TimeNotUnderstood, TimeSkipped, WindowNotUnderstood

MINUTE = timedelta(minutes=1)
DATE = re.compile(
    r"(?P<Y>[12]\d{3})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>[12]\d{3})"
)
TYPED = re.compile(rf"(?P<date>{DATE.pattern})(?:[ T]+(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}}))?")
# ASCII, because IGNORECASE would otherwise match the dotless ı as an i.
RELATIVE = re.compile(r"\+ ?(\d{1,4}) ?(minute|hour|day|week|month|year)s?", re.IGNORECASE | re.ASCII)
LAST_YEAR = 3000  # far enough below datetime.max that time-zone arithmetic cannot overflow
BETWEEN = re.compile(r"\s+[-–—]\s+")  # phones turn a hyphen between spaces into a dash


def check_aware(moment: datetime) -> datetime:
    """Return the moment in UTC. Raises ValueError if it is naive, which is a programming error."""
    if moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The closed interval [starts_at, ends_at] in which a link works, aware UTC. Raises EndBeforeStart."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if check_aware(self.starts_at) >= check_aware(self.ends_at):
            raise EndBeforeStart(self.starts_at, self.ends_at)


@dataclass(frozen=True, kw_only=True)
class TypedMoment:
    """A typed moment (UTC); `repeated` is its wall-clock time if that occurs twice, in which case the first is used."""

    instant: datetime
    repeated: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TypedWindow:
    """A typed window; `repeated` holds those of its wall-clock times (naive) that occur twice."""

    window: Window
    repeated: tuple[datetime, ...]


def from_wall(wall: datetime, zone: ZoneInfo) -> TypedMoment:
    """Convert a wall-clock time (naive) to an instant: the first one if it occurs twice.

    Raises TimeSkipped if a clock change skips it. PEP 495: the offset of fold=0 is the smaller one in a gap and the
    larger one in a repetition.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first < second:
        change = _change_between(zone, *sorted((_minus(wall, first), _minus(wall, second))))
        before, after = (moment.astimezone(zone).replace(tzinfo=None) for moment in (change - MINUTE, change))
        raise TimeSkipped(wall, before, after)
    return TypedMoment(instant=_minus(wall, first), repeated=wall if first > second else None)


def parse_moment(text: str, zone: ZoneInfo, now: datetime, *, since: datetime | None = None) -> TypedMoment:
    """Parse `2026-11-24 09:00`, `24.11.2026` (midnight), `now` or `+2 weeks` (after `since` if given, else now).

    Days and longer units keep the wall-clock time; hours and minutes are elapsed time. Raises TimeNotUnderstood,
    NoSuchDay, TimeSkipped.
    """
    text = " ".join(text.split())
    this_minute = check_aware(now).replace(second=0, microsecond=0)  # moments are shown to the minute
    if text.casefold() == "now":
        return TypedMoment(instant=this_minute)
    if relative := RELATIVE.fullmatch(text):
        return TypedMoment(instant=_later(since or this_minute, int(relative[1]), relative[2].lower(), zone))
    if not (typed := TYPED.fullmatch(text)):
        raise TimeNotUnderstood(text)
    day = read_day(typed["date"])
    try:
        return from_wall(day.replace(hour=int(typed["hour"] or 0), minute=int(typed["minute"] or 0)), zone)
    except (ValueError, OverflowError):
        raise TimeNotUnderstood(text) from None


def read_day(text: str) -> datetime:
    """Parse `2026-12-24` or `24.12.2026`; return its midnight (naive). Raises TimeNotUnderstood, NoSuchDay."""
    if not (date := DATE.fullmatch(text)):
        raise TimeNotUnderstood(text)
    year, month, day = (int(date[iso] or date[dotted]) for iso, dotted in (("Y", "year"), ("m", "month"), ("d", "day")))
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - a wall clock's
    except ValueError:
        raise NoSuchDay(text) from None


def parse_window(text: str, zone: ZoneInfo, now: datetime) -> TypedWindow:
    """Parse `START - END`; a relative end counts from the start.

    Raises WindowNotUnderstood, EndBeforeStart and whatever `parse_moment` raises.
    """
    parts = BETWEEN.split(text.strip())
    if len(parts) != 2:  # noqa: PLR2004 - a start and an end
        raise WindowNotUnderstood(text.strip())
    start = parse_moment(parts[0], zone, now)
    end = parse_moment(parts[1], zone, now, since=start.instant)
    return TypedWindow(
        window=Window(starts_at=start.instant, ends_at=end.instant),
        repeated=tuple(moment.repeated for moment in (start, end) if moment.repeated),
    )


def on_wall(day: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the wall clock first shows `at` on that day.

    If a clock change skips `at`, the instant moves forward by the length of the gap (RFC 5545, 3.3.5).
    """
    return _minus(wall := datetime.combine(day, at), wall.replace(tzinfo=zone).utcoffset() or timedelta())


def keep_wall_clock(window: Window, old: ZoneInfo, new: ZoneInfo) -> Window:
    """Return the window that has the same wall-clock times in the new zone as `window` has in the old one.

    A time that the new zone skips moves forward by the length of the gap; one that occurs twice there means the first.
    If the end would no longer be after the start (it was in the second of two repeated hours), the window keeps its
    duration instead.
    """
    starts_at, ends_at = (_same_wall(moment, old, new) for moment in (window.starts_at, window.ends_at))
    if ends_at <= starts_at:
        ends_at = starts_at + (window.ends_at - window.starts_at)
    return Window(starts_at=starts_at, ends_at=ends_at)


def _same_wall(moment: datetime, old: ZoneInfo, new: ZoneInfo) -> datetime:
    wall = moment.astimezone(old).replace(tzinfo=None, fold=0)  # the old zone's fold means nothing in the new one
    return on_wall(wall, wall.time(), new)


def _later(since: datetime, count: int, unit: str, zone: ZoneInfo) -> datetime:
    try:
        if unit in ("minute", "hour"):
            return check_aware(since) + count * (MINUTE if unit == "minute" else 60 * MINUTE)
        wall = since.astimezone(zone).replace(tzinfo=None, fold=0)
        moved = _CALENDAR[unit](wall, count)
        if moved.year >= LAST_YEAR:
            raise TimeNotUnderstood(_relative(count, unit))
        return on_wall(moved, moved.time(), zone)
    except (ValueError, OverflowError):
        raise TimeNotUnderstood(_relative(count, unit)) from None


def _relative(count: int, unit: str) -> str:
    return f"+{count} {unit}"


def months_later(wall: datetime, count: int) -> datetime:
    """Add months (or subtract, if negative) to a wall-clock time; a day that the month lacks becomes its last day."""
    years, month = divmod(wall.month - 1 + count, 12)
    year, month = wall.year + years, month + 1
    return wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))


_CALENDAR: dict[str, Callable[[datetime, int], datetime]] = {
    "day": lambda wall, count: wall + timedelta(days=count),
    "week": lambda wall, count: wall + timedelta(weeks=count),
    "month": months_later,
    "year": lambda wall, count: months_later(wall, 12 * count),
}


def _minus(wall: datetime, offset: timedelta) -> datetime:
    return (wall.replace(fold=0) - offset).replace(tzinfo=UTC)


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find, by bisection, the first whole minute (UTC) after the clock change that lies in (low, high]."""
    old = low.astimezone(zone).utcoffset()
    while high - low >= 2 * MINUTE:
        middle = low + ((high - low) // (2 * MINUTE)) * MINUTE
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high
