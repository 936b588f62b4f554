"""What the operator's probes ask."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.storage import account, ledger

POLL = "telegram poll"


def record_poll(session: Session, now: datetime) -> None:
    """Record that Telegram has just answered a poll."""
    account.beat(session, POLL, now)


def last_poll(session: Session) -> datetime | None:
    """Give the moment of the last successful poll by any process; None: there was none ever."""
    return account.last_beat(session, POLL)


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A profile whose counters are not what its ledger adds up to."""

    profile_id: int
    used: int
    reserved: int
    used_by_ledger: int
    reserved_by_ledger: int


def disagreements(session: Session) -> list[Disagreement]:
    """List the profiles whose counters and ledger disagree: there are none unless somebody changed the database."""
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
