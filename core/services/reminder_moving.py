"""What becomes of planned reminders when the account's time zone changes: they go out on their day of the new zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.reminders import moved_to, useless_from
from core.storage import mail_days
from core.storage import planned_reminders as stored


@dataclass(frozen=True, kw_only=True)
class Moved:
    """So many reminders are planned, the `first` of which goes out then (UTC); None if there are none."""

    number: int
    first: datetime | None


def preview(session: Session, before: ZoneInfo, zone: ZoneInfo, now: datetime) -> Moved:
    """Return what moving from one zone to another would do. Rights are not checked here."""
    planned = _planned(session, before, now)
    return Moved(
        number=sum(planned.values()),
        first=min((moved_to(day, zone, now) for day in planned), default=None),
    )


def move(session: Session, before: ZoneInfo, zone: ZoneInfo, now: datetime) -> Moved:
    """Let reminders that haven't been sent go out on their day of another zone, or as soon as they can.

    Who has one on the later day already gets only that. Rights are not checked here.
    """
    moved, first = 0, list[datetime]()
    for day, planned in _planned(session, before, now).items():
        at = moved_to(day, zone, now)
        stored.put_off(session, day, at, useless_from(at, zone))
        moved += planned - _redate(session, day, at.astimezone(zone).date())
        first.append(at)
    return Moved(number=moved, first=min(first, default=None))


def _planned(session: Session, before: ZoneInfo, now: datetime) -> dict[date, int]:
    """Count by days what can still be sent: what was missed on a day that is over stays so."""
    return stored.by_day(session, now.astimezone(before).date())


def _redate(session: Session, day: date, to: date) -> int:
    """Count the reminders of a day as of another; return how many fall away."""
    if day == to:
        return 0
    gone = stored.delete_unsent(session, stored.doubled(session, day, to))
    mails = stored.set_day(session, day, to)
    mail_days.give_back(session, day, mails + len(gone.mailed))
    mail_days.count_on(session, to, mails)
    return len(gone.mailed | gone.in_chat)
