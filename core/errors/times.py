"""Refusals of typed times."""

from dataclasses import dataclass
from datetime import datetime

from core.errors.base import Refusal


@dataclass(eq=False)
class TimeNotUnderstood(Refusal):
    """The text is no moment that we can read without guessing."""

    text: str


@dataclass(eq=False)
class NoSuchDay(Refusal):
    """The text is a date that no calendar has."""

    text: str


@dataclass(eq=False)
class TimeSkipped(Refusal):
    """A clock change skips this wall-clock time; the nearest valid ones stand on both sides (naive, in the zone)."""

    wall: datetime
    before: datetime
    after: datetime


@dataclass(eq=False)
class WindowNotUnderstood(Refusal):
    """The text is not two moments with ' - ' between them."""

    text: str


@dataclass(eq=False)
class EndBeforeStart(Refusal):
    """The window would end before it starts, or at the same moment (both UTC)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(eq=False)
class EndInPast(Refusal):
    """The window has ended before it was made (UTC)."""

    ends_at: datetime


@dataclass(eq=False)
class PeriodNotUnderstood(Refusal):
    """The text is no period."""

    text: str


@dataclass(eq=False)
class PeriodAhead(Refusal):
    """The period has not begun: it begins at `since` (UTC)."""

    since: datetime


@dataclass(eq=False)
class CadenceNotUnderstood(Refusal):
    """The text is no digest schedule."""

    text: str
