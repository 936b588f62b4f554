"""What the operator's probes ask."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.storage import account

POLL = "telegram poll"


def record_poll(session: Session, now: datetime) -> None:
    """Record that Telegram has just answered a poll."""
    account.beat(session, POLL, now)


def last_poll(session: Session) -> datetime | None:
    """Give the moment of the last successful poll by any process; None: there was none ever."""
    return account.last_beat(session, POLL)
