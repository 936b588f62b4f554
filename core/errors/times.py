"""Refusals of typed times, windows, periods and schedules."""

from dataclasses import dataclass
from datetime import datetime

from core.errors.base import Refusal


@dataclass(eq=False)
class TimeNotUnderstood(Refusal):
    """The text isn't a moment; `nearest` are similar texts that are."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One meaning of an ambiguous time: a text that has this meaning alone, and its moment (UTC).

    If it is all of a calendar's `unit`, such as a day or a month, that is where it begins.
    """

    text: str
    instant: datetime
    unit: str | None = None


@dataclass(eq=False)
class TimeAmbiguous(Refusal):
    """The text has two meanings, such as `5/6`."""

    text: str
    readings: tuple[Reading, ...]


@dataclass(eq=False)
class NoSuchDay(Refusal):
    """The text is a date that doesn't exist."""

    text: str


@dataclass(eq=False)
class TimeSkipped(Refusal):
    """A clock change skips the wall-clock time; `before` and `after` are the nearest valid ones (all naive)."""

    wall: datetime
    before: datetime
    after: datetime


@dataclass(eq=False)
class WindowNotUnderstood(Refusal):
    """The text isn't two moments with ' - ' between them."""

    text: str


@dataclass(eq=False)
class EndBeforeStart(Refusal):
    """The window would end before or at its start (both UTC)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(eq=False)
class EndInPast(Refusal):
    """The window would already be over: its end (UTC) is in the past."""

    ends_at: datetime


@dataclass(eq=False)
class PeriodNotUnderstood(Refusal):
    """The text isn't a period."""

    text: str


@dataclass(eq=False)
class PeriodAhead(Refusal):
    """The period begins in the future, at `since` (UTC)."""

    since: datetime


@dataclass(eq=False)
class CadenceNotUnderstood(Refusal):
    """The text isn't a digest schedule."""

    text: str
