"""The account's one row, and the heartbeats of the service's parts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.storage.database import refusing
from core.storage.tables import Account, Heartbeat


def load(session: Session) -> Account:
    """Give the account's row."""
    return session.scalars(select(Account)).one()


def lock(session: Session) -> Account:
    """Give the account's row, locked until the end of the transaction: who changes it, or counts seats, is alone."""
    return session.scalars(select(Account).with_for_update().execution_options(populate_existing=True)).one()


def zone(session: Session) -> ZoneInfo:
    """Give the account's time zone."""
    return ZoneInfo(session.scalars(select(Account.zone)).one())


def keep_secret_key(session: Session, generated: str) -> str:
    """Keep the generated key if there is none yet, and give the one that is kept."""
    session.execute(update(Account).where(Account.secret_key.is_(None)).values(secret_key=generated))
    return session.scalars(select(Account.secret_key)).one() or generated


def keep_owner_nonce(session: Session, generated: str, *, fresh: bool) -> str:
    """Keep the generated nonce if there is none yet, or in any case where it is to be `fresh`; give the kept one."""
    missing = true() if fresh else Account.owner_nonce.is_(None)
    session.execute(update(Account).where(missing).values(owner_nonce=generated))
    return session.scalars(select(Account.owner_nonce)).one() or generated


def record_heartbeat(session: Session, part: str, now: datetime) -> None:
    """Record that a part of the service has just done its work."""
    with refusing(session, pk_heartbeat=Conflict()):
        session.merge(Heartbeat(part=part, at=now))


def last_heartbeat(session: Session, part: str) -> datetime | None:
    """Give the moment of a part's last work."""
    return session.scalars(select(Heartbeat.at).where(Heartbeat.part == part)).one_or_none()
