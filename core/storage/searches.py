"""Queries on searches whose words are too long for a button."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import Search


def keep(session: Session, user_id: int, words: str, now: datetime) -> int:
    """Store a user's search, or renew it; return its number."""
    kept = upsert(session, Search).values(user_id=user_id, words=words, at=now)
    renewed = kept.on_conflict_do_update(index_elements=[Search.user_id, Search.words], set_={"at": now})
    number: int = session.scalars(renewed.returning(Search.id)).one()
    return number


def keep_newest(session: Session, user_id: int, most: int) -> None:
    """Delete a user's searches except for the newest."""
    newest = select(Search.id).where(Search.user_id == user_id).order_by(Search.at.desc(), Search.id.desc()).limit(most)
    session.execute(delete(Search).where(Search.user_id == user_id, Search.id.not_in(newest)))


def words(session: Session, user_id: int, search_id: int) -> str | None:
    """Return the words of a user's own search."""
    return session.scalars(select(Search.words).where(Search.id == search_id, Search.user_id == user_id)).one_or_none()


def forget(session: Session, user_id: int) -> None:
    """Delete a user's searches."""
    session.execute(delete(Search).where(Search.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete the searches that were last used before a moment."""
    session.execute(delete(Search).where(Search.at < before))
