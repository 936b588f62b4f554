"""Data for the operator's health probes and checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.storage import account, ledger, seats, shared_clock

POLL = "telegram poll"
FALSE_CLOCK = timedelta(seconds=30)  # an answer may be under way for a few, and its `Date` has whole seconds


class Trouble(StrEnum):
    """What is the matter with the connection to Telegram, found out by the process that receives."""

    TOKEN_REFUSED = "token refused"  # noqa: S105 - no token
    OTHER_POLLER = "other poller"
    CLOCK_DIFFERS = "clock differs"


def record_poll(session: Session, now: datetime, trouble: Trouble | None = None) -> None:
    """Record a successful poll of Telegram, and what is the matter all the same."""
    account.record_heartbeat(session, POLL, now)
    if trouble is not None:
        account.record_heartbeat(session, trouble, now)


def record_trouble(session: Session, trouble: Trouble, now: datetime) -> None:
    """Record why Telegram can't be polled."""
    account.record_heartbeat(session, trouble, now)
    if (last := last_poll(session)) is not None and last > now:  # the clock was set back since
        account.record_heartbeat(session, POLL, now)


def troubles(session: Session) -> list[Trouble]:
    """List what is the matter with the connection to Telegram: what was recorded with the last poll, or since."""
    last = last_poll(session)
    recorded = {trouble: account.last_heartbeat(session, trouble) for trouble in Trouble}
    return [trouble for trouble, at in recorded.items() if at is not None and (last is None or at >= last)]


def last_poll(session: Session) -> datetime | None:
    """Return when any process last polled Telegram successfully (UTC); None if never."""
    return account.last_heartbeat(session, POLL)


def clock_difference(session: Session, now: datetime) -> timedelta:
    """Return how far this machine's clock is ahead of PostgreSQL's; SQLite has no other one."""
    return now - shared_clock.database_now(session, now)


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A profile whose counters differ from the sums of its ledger."""

    profile_id: int
    used: int
    reserved: int
    used_by_ledger: int
    reserved_by_ledger: int


def disagreements(session: Session) -> list[Disagreement]:
    """List the profiles whose counters and ledger disagree: none, unless the database was changed by hand."""
    return [
        Disagreement(
            profile_id=profile_id,
            used=used,
            reserved=reserved,
            used_by_ledger=used_by_ledger,
            reserved_by_ledger=reserved_by_ledger,
        )
        for profile_id, used, reserved, used_by_ledger, reserved_by_ledger in ledger.disagreements(session)
    ]


@dataclass(frozen=True, kw_only=True)
class MiscountedSeats:
    """A counter of taken seats that differs from the number of active users."""

    taken: int
    active: int


def miscounted_seats(session: Session) -> MiscountedSeats | None:
    """Return how the counter of seats is wrong; None if it is right, as long as nobody changes the database by hand."""
    found = seats.miscounted(session)
    return None if found is None else MiscountedSeats(taken=found[0], active=found[1])
