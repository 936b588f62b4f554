"""Data for the operator's health probes and checks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.storage import account, ledger

POLL = "telegram poll"


def record_poll(session: Session, now: datetime) -> None:
    """Record a successful poll of Telegram."""
    account.record_heartbeat(session, POLL, now)


def last_poll(session: Session) -> datetime | None:
    """Return when any process last polled Telegram successfully (UTC); None if never."""
    return account.last_heartbeat(session, POLL)


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
