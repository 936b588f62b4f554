"""Leader election by leases: rows that expire, so that it works the same on SQLite and PostgreSQL."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.storage import leases

LEASE = timedelta(seconds=15)


class LeaderRole(StrEnum):
    """A job that one process does at a time."""

    RECEIVING = "receiving"
    DELIVERY = "delivery"


def take(session: Session, role: LeaderRole, holder: str, now: datetime) -> bool:
    """Take or renew a role for the time of a LEASE; return False if another process has it."""
    return leases.take(session, role, holder, now, LEASE)


def release(session: Session, role: LeaderRole, holder: str) -> None:
    """Release a role immediately."""
    leases.release(session, role, holder)
