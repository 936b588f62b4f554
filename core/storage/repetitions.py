"""Queries on what a person's chat did or said a moment ago."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import Repetition


def note(session: Session, user_id: int, key: str, now: datetime, since: datetime) -> bool:
    """Note a key of a user; return False, and change nothing, if it was noted after `since`."""
    noted = upsert(session, Repetition).values(user_id=user_id, key=key, at=now, made=None)
    taken = noted.on_conflict_do_update(
        index_elements=[Repetition.user_id, Repetition.key],
        set_={"at": now, "made": None},
        where=Repetition.at <= since,
    )
    return session.scalars(taken.returning(Repetition.user_id)).one_or_none() is not None


def renew(session: Session, user_id: int, key: str, now: datetime, made: int) -> bool:
    """Note a key again, if what was made with it has this number; return whether it had."""
    noted = update(Repetition).where(Repetition.user_id == user_id, Repetition.key == key, Repetition.made == made)
    return session.scalars(noted.values(at=now, made=None).returning(Repetition.user_id)).one_or_none() is not None


def made(session: Session, user_id: int, key: str) -> int | None:
    """Return the number of what was made when a key was noted."""
    query = select(Repetition.made).where(Repetition.user_id == user_id, Repetition.key == key)
    return session.scalars(query).one_or_none()


def keep_made(session: Session, user_id: int, key: str, number: int) -> None:
    """Keep the number of what was made with a noted key."""
    noted = update(Repetition).where(Repetition.user_id == user_id, Repetition.key == key)
    session.execute(noted.values(made=number))


def forget(session: Session, user_id: int) -> None:
    """Delete what was noted of a user."""
    session.execute(delete(Repetition).where(Repetition.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete what was noted before a moment."""
    session.execute(delete(Repetition).where(Repetition.at < before))
