"""Leases: what one process at a time does, as rows that expire. The same on SQLite and on PostgreSQL."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.storage import leases

LASTS = timedelta(seconds=15)


class LeaderRole(StrEnum):
    """What one process at a time does."""

    RECEIVING = "receiving"
    DELIVERY = "delivery"


def take(session: Session, duty: LeaderRole, holder: str, now: datetime) -> bool:
    """Take a duty on, or stay in it; False where another process has it."""
    return leases.take(session, duty, holder, now, now + LASTS)


def give_up(session: Session, duty: LeaderRole, holder: str) -> None:
    """Leave a duty to others at once."""
    leases.give_up(session, duty, holder)
