"""Queries on rushes: more forms through one link, or for lost passwords, than people send."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.domain.challenges import ENDS_SOON, LASTS
from core.storage.database import upsert
from core.storage.tables import Rush


def until(session: Session, subject: str) -> datetime | None:
    """Return when the last rush of a subject is over (UTC); None if there was none lately."""
    return session.scalars(select(Rush.until).where(Rush.subject == subject)).one_or_none()


def any_of(session: Session, subjects: Iterable[str], now: datetime) -> bool:
    """Return whether there is a rush of any of the subjects."""
    running = Rush.subject.in_([*subjects]), Rush.until > now
    return session.scalars(select(Rush.subject).where(*running).limit(1)).first() is not None


def prolong(session: Session, subject: str, now: datetime) -> None:
    """Begin a rush, or prolong one that ends soon."""
    begun = upsert(session, Rush).values(subject=subject, until=now + LASTS)
    session.execute(
        begun.on_conflict_do_update(
            index_elements=[Rush.subject], set_={"until": now + LASTS}, where=Rush.until < now + ENDS_SOON
        )
    )


def sweep(session: Session, now: datetime) -> None:
    """Delete the rushes that are over."""
    session.execute(delete(Rush).where(Rush.until <= now))
