"""The clock by which leases are measured: one for all processes that share a database."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

TOLERANCE = timedelta(seconds=1)
USES_SYSTEM_CLOCK = "uses the system's clock"  # in `Session.info`: the engine has no other one, as tests have


def shared_now(session: Session, now: datetime) -> datetime:
    """Return the time by PostgreSQL's clock, which the processes on all machines share; on SQLite `now`."""
    return database_now(session, now) if session.info.get(USES_SYSTEM_CLOCK) else now


def database_now(session: Session, now: datetime) -> datetime:
    """Return the time by PostgreSQL's clock; on SQLite `now`."""
    if session.get_bind().dialect.name != "postgresql":
        return now
    now_there: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now_there
