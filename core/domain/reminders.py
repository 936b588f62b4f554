"""Reminders to learners: on which occasions, at which times of the day, and how often one person gets them."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain.windows import on_wall

DAY_BEGINS, DAY_ENDS = time(8), time(20)  # outside of them nobody is written to
SENT_AT = time(9)
FIRST_FREE_WEEKDAY = 5  # Saturday; 0 is Monday
DAY = timedelta(days=1)
KEPT = timedelta(days=365)  # after this, it is forgotten who was reminded


class Occasion(StrEnum):
    """Why a person is reminded."""

    NOT_COME = "not come"
    NOT_STARTED = "not started"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"


def is_quiet(moment: datetime, zone: ZoneInfo) -> bool:
    """Return whether nobody may be written to: at night and at weekends on the zone's calendar."""
    wall = moment.astimezone(zone)
    return wall.weekday() >= FIRST_FREE_WEEKDAY or not DAY_BEGINS <= wall.time() < DAY_ENDS


def next_moment(after: datetime, zone: ZoneInfo) -> datetime:
    """Return when a person can be written to: at once, or on the next working day when reminders are sent (UTC)."""
    if not is_quiet(after, zone):
        return after
    return next_round(after, zone)


def next_round(after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) not before `after` at which reminders are sent on a working day.

    Where a clock change skips that moment, or the whole day, it is the first one after the gap, if that isn't quiet.
    """
    day = after.astimezone(zone) - DAY
    while (at := on_wall(day, SENT_AT, zone)) < after or is_quiet(at, zone):
        day += DAY
    return at


def round_of(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when the reminders of this working day were to be sent (UTC), None if they aren't yet, or it is quiet."""
    at = on_wall(moment.astimezone(zone), SENT_AT, zone)
    return None if is_quiet(moment, zone) or is_quiet(at, zone) or at > moment else at


def due_on(day: date, queued_at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a reminder of a day of the zone is to be sent (UTC): at once, or when they are sent on that day."""
    if queued_at.astimezone(zone).date() == day and not is_quiet(queued_at, zone):
        return queued_at
    return on_wall(datetime.combine(day, SENT_AT, zone), SENT_AT, zone)


def moved_to(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when a reminder that was planned for a day is to be sent in another zone (UTC).

    On the same day of its calendar, or, if the time for that is over, as soon as a person can be written to.
    """
    return next_moment(max(on_wall(datetime.combine(day, SENT_AT, zone), SENT_AT, zone), now), zone)


def useless_from(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when a reminder that can be sent at a moment is no longer worth sending: at the end of that day (UTC)."""
    return on_wall(moment.astimezone(zone), DAY_ENDS, zone)
