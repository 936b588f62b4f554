"""Digest schedules: daily, weekly or monthly at a wall-clock time, and when each is due next."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain.keywords import first_keyword
from core.domain.text import plain
from core.domain.time_words import meanings
from core.domain.typed_times import read_clock, reduced, weekday_number
from core.domain.windows import on_wall
from core.errors import CadenceNotUnderstood

EVERY = frozenset({"every", "каждый", "каждую", "каждое", "cada"})
SHORTEST = 3  # letters of a weekday's name
HOUR = re.compile(r"0?[0-9]|1[0-9]|2[0-3]")  # such as that of `weekly mon 9`
DAY_OF_MONTH = re.compile(r"0?[1-9]|[12][0-9]|3[01]")


class Frequency(StrEnum):
    """How often a digest is sent."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """A digest's schedule: `day` is the weekday (0 is Monday) if weekly, the day of the month (from 1) if monthly."""

    frequency: Frequency
    at: time
    day: int = 0


def parse_cadence(text: str) -> Cadence:
    """Parse `daily 18:00`, `weekly mon 09:00`, `monthly 1 09:00` or `every friday 6pm`, in any language.

    Raises CadenceNotUnderstood.
    """
    word, rest = first_keyword(plain(text), Frequency)
    tokens = reduced(rest)
    if word is None and tokens[:1] and tokens[0] in EVERY:
        word, tokens = Frequency.WEEKLY, tokens[1:]
    match word, tokens:
        case Frequency.DAILY, clock:
            return Cadence(frequency=Frequency.DAILY, at=_clock(clock, text))
        case Frequency.WEEKLY, [weekday, *clock]:
            return Cadence(frequency=Frequency.WEEKLY, at=_clock(clock, text), day=_weekday(weekday, text))
        case Frequency.MONTHLY, [day, "th", *clock] | [day, *clock] if DAY_OF_MONTH.fullmatch(day):
            return Cadence(frequency=Frequency.MONTHLY, at=_clock(clock, text), day=int(day))
    raise CadenceNotUnderstood(text.strip())


def next_due(cadence: Cadence, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first due instant (UTC) strictly after `after`.

    A time that a clock change skips moves forward by the length of the gap; a time that occurs twice is due only the
    first time; a day that the month does not have becomes the month's last day.
    """
    day = after.astimezone(zone).date() - timedelta(days=1)
    while not (_falls_on(cadence, day) and (due := on_wall(_midnight(day), cadence.at, zone)) > after):
        day += timedelta(days=1)
    return due


def _falls_on(cadence: Cadence, day: date) -> bool:
    if cadence.frequency is Frequency.WEEKLY:
        return day.weekday() == cadence.day
    if cadence.frequency is Frequency.MONTHLY:
        return day.day == min(cadence.day, monthrange(day.year, day.month)[1])
    return True


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _weekday(word: str, whole: str) -> int:
    """Read a weekday's name, in full or abbreviated to at least three letters; `whole` is what the refusal quotes."""
    begun = [meant for name, meant in meanings().items() if name.startswith(word)] if len(word) >= SHORTEST else []
    days = [number for meant in (word, *begun) if (number := weekday_number(meant)) is not None]
    if not days:
        raise CadenceNotUnderstood(whole.strip())
    return days[0]


def _clock(tokens: Sequence[str], whole: str) -> time:
    if len(tokens) == 1 and HOUR.fullmatch(tokens[0]):
        return time(int(tokens[0]))
    if (clock := read_clock(tokens)) is None:
        raise CadenceNotUnderstood(whole.strip())
    return clock
