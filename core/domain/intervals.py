"""The intervals into which a report divides a period: each is a bar of its picture."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from core.domain.periods import Period
from core.domain.windows import months_later, on_wall

MOST = 31  # so that each bar can be told from the next on a phone


class Unit(StrEnum):
    """What a bar stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """Half-open intervals between consecutive `bounds` (UTC), which cover a period without a gap.

    All but the first and the last are whole hours, days, weeks from Monday, months or years on the account's clock.
    """

    unit: Unit
    bounds: tuple[datetime, ...]

    @property
    def starts(self) -> tuple[datetime, ...]:
        """When each interval begins (UTC)."""
        return self.bounds[:-1]


def intervals(period: Period, zone: ZoneInfo) -> Intervals:
    """Divide a period into the shortest units of which at most MOST are needed, else into years."""
    for unit in Unit:
        bounds = tuple(islice(_bounds(period, zone, unit), MOST + 1))
        if unit is Unit.YEAR or bounds[-1] == period.until:
            break
    return Intervals(unit=unit, bounds=(*bounds[:-1], period.until))


def _bounds(period: Period, zone: ZoneInfo, unit: Unit) -> Iterator[datetime]:
    """Return the beginning of a period, those of the units after it, and its end."""
    yield period.since
    last, wall = period.since, _BEGIN[unit](period.since.astimezone(zone).replace(tzinfo=None))
    while True:
        wall = _NEXT[unit](wall)
        at = on_wall(wall, wall.time(), zone)
        if at >= period.until:
            break
        if at > last:  # not if a clock change skips it
            yield at
            last = at
    yield period.until


def _midnight(wall: datetime) -> datetime:
    return wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


_BEGIN: Mapping[Unit, Callable[[datetime], datetime]] = {
    Unit.HOUR: lambda wall: wall.replace(minute=0, second=0, microsecond=0, fold=0),
    Unit.DAY: _midnight,
    Unit.WEEK: lambda wall: _midnight(wall) - timedelta(days=wall.weekday()),
    Unit.MONTH: lambda wall: _midnight(wall).replace(day=1),
    Unit.YEAR: lambda wall: _midnight(wall).replace(month=1, day=1),
}
_NEXT: Mapping[Unit, Callable[[datetime], datetime]] = {
    Unit.HOUR: lambda wall: wall + timedelta(hours=1),
    Unit.DAY: lambda wall: wall + timedelta(days=1),
    Unit.WEEK: lambda wall: wall + timedelta(weeks=1),
    Unit.MONTH: lambda wall: months_later(wall, 1),
    Unit.YEAR: lambda wall: months_later(wall, 12),
}
