"""Queries on rushes: more forms through one link, or for lost passwords, than people send."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.domain.challenges import ASKED_FOR, ENDS_SOON
from core.storage.database import upsert
from core.storage.tables import Rush


def until(session: Session, subject: str) -> datetime | None:
    """Return when the last rush of a subject is over (UTC); None if there was none lately."""
    return session.scalars(select(Rush.until).where(Rush.subject == subject)).one_or_none()


def prolong(session: Session, subject: str, now: datetime) -> None:
    """Begin a rush, or prolong one that ends soon."""
    begun = upsert(session, Rush).values(subject=subject, until=now + ASKED_FOR)
    session.execute(
        begun.on_conflict_do_update(
            index_elements=[Rush.subject], set_={"until": now + ASKED_FOR}, where=Rush.until < now + ENDS_SOON
        )
    )


def sweep(session: Session, now: datetime) -> None:
    """Delete the rushes that are over, but for those that another transaction has locked, as `limits.sweep` does."""
    free = select(Rush.subject).where(Rush.until <= now).with_for_update(skip_locked=True)
    session.execute(delete(Rush).where(Rush.subject.in_(free)))
