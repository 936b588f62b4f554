"""Alerts: what managers hear of at once, and when it has come to that."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

MOSTLY_USED = 80  # per cent of a profile's limit, or of the account's seats
ENDS_SOON = timedelta(hours=48)
RUSH, RUSH_WITHIN = 25, timedelta(minutes=1)  # sign-ups through one profile
RUSH_ONCE_IN = timedelta(hours=1)
RUSH_UNDONE_WITHIN = timedelta(days=1)  # after the alert
KEPT = timedelta(days=365)  # after this, it is forgotten what was told


class Alert(StrEnum):
    """What managers can hear of at once."""

    FIRST_LEARNER = "first learner"
    MOSTLY_USED = "mostly used"
    FULL = "full"
    PLACES_UNUSED = "places unused"
    SEATS = "seats"
    RUSH = "rush"
    ACCESS_WANTED = "access wanted"


class Watched(StrEnum):
    """What is looked for every few seconds, to be told once; the values are stored."""

    MOSTLY_USED = "mostly used"
    PLACES_UNUSED = "places unused"
    SEATS = "seats"
    RUSH = "rush"
    WAITING_RUSH = "waiting rush"


def is_mostly_used(taken: int | None, limit: int | None) -> bool:
    """Return whether most of a profile's places, or of the account's seats, are taken; never without a limit."""
    return taken is not None and limit is not None and taken * 100 >= limit * MOSTLY_USED


def rush_at(moments: Sequence[datetime], told_at: datetime) -> tuple[datetime, datetime] | None:
    """Return the first and the last sign-up of the rush that was told of at a moment; None if it isn't found.

    `moments` are those of a profile's sign-ups, in order. A rush are those that lie in minutes with RUSH sign-ups or
    more; two such minutes that have sign-ups in common are one rush.
    """
    found = [each for each in _rushes(moments) if each[0] <= told_at < each[1] + RUSH_WITHIN]
    return found[-1] if found else None


def waiting_rush_at(moments: Sequence[datetime], told_at: datetime) -> tuple[datetime, datetime] | None:
    """Return when the first and the last began to wait of a rush that was told of at a moment; None if it isn't found.

    `moments` are those of who still waits, in order: some of the rush may have been answered since, so fewer are left.
    """
    told = [at for at in moments if told_at - RUSH_WITHIN < at <= told_at]
    found = [*told, *(rush_at(moments, told_at) or ())]
    return (min(found), max(found)) if found else None


def _rushes(moments: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    begun: tuple[datetime, datetime] | None = None
    for first, last in zip(moments, moments[RUSH - 1 :], strict=False):
        if last - first >= RUSH_WITHIN:
            continue
        if begun is not None and first > begun[1]:
            yield begun
            begun = None
        begun = (begun[0] if begun else first, last)
    if begun is not None:
        yield begun
