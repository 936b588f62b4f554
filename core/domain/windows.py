"""Windows, and what an account's wall clock shows at a moment.

All moments are aware UTC; a wall-clock time is a naive datetime, and only this module and `moments` create them.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import EndBeforeStart, TimeSkipped

MINUTE = timedelta(minutes=1)
LAST_MINUTE = time(23, 59)
LAST_SECOND = timedelta(seconds=59)


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


def on_wall(day: datetime, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the wall clock first shows `at` on that day.

    If a clock change skips `at`, the instant moves forward by the length of the gap (RFC 5545, 3.3.5).
    """
    return _minus(wall := datetime.combine(day, at), wall.replace(tzinfo=zone).utcoffset() or timedelta())


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second (UTC) of a day on the zone's calendar."""
    wall = datetime.combine(day, LAST_MINUTE)
    try:
        from_wall(wall, zone)
    except TimeSkipped as skipped:
        wall = skipped.before
    return _minus(wall, wall.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()) + LAST_SECOND


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


def months_later(wall: datetime, count: int) -> datetime:
    """Add months (or subtract, if negative) to a wall-clock time; a day that the month lacks becomes its last day."""
    years, month = divmod(wall.month - 1 + count, 12)
    year, month = wall.year + years, month + 1
    return wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))


def _minus(wall: datetime, offset: timedelta) -> datetime:
    return (wall.replace(fold=0) - offset).replace(tzinfo=UTC)


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find, by bisection, the first whole minute (UTC) after the clock change that lies in (low, high]."""
    old = low.astimezone(zone).utcoffset()
    while high - low >= 2 * MINUTE:
        middle = low + ((high - low) // (2 * MINUTE)) * MINUTE
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high
