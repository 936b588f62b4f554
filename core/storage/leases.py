"""Queries on leases."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.storage.database import refusing
from core.storage.shared_clock import TOLERANCE, shared_now
from core.storage.tables import Lease


def take(session: Session, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take or renew a lease; return False if another holder has it.

    `now` counts only where all processes have one clock. A lease that ends later than one taken now would was taken
    before the clock was set back: it isn't believed.
    """
    now = shared_now(session, now)
    expires_at = now + lasts
    ended = or_(Lease.expires_at <= now, Lease.expires_at > expires_at + TOLERANCE)
    claimed = (
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, ended))
        .values(holder=holder, expires_at=expires_at)
        .returning(Lease.name)
    )
    if session.scalars(claimed).one_or_none() is not None:
        return True
    if (found := session.get(Lease, name)) is not None:  # it may have been added, even by this holder, since the update
        return found.holder == holder
    with refusing(session, pk_lease=Conflict()):
        session.add(Lease(name=name, holder=holder, expires_at=expires_at))
    return True


def release(session: Session, name: str, holder: str) -> None:
    """Release a lease immediately, if this holder has it."""
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
