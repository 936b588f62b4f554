"""Queries on one-time links to a new password."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.storage.tables import PasswordLink, User


def find(session: Session, code_hash: str, now: datetime) -> PasswordLink | None:
    """Find a link that hasn't been used and hasn't expired."""
    unused = PasswordLink.code_hash == code_hash, PasswordLink.expires_at > now
    return session.scalars(select(PasswordLink).where(*unused)).one_or_none()


def take(session: Session, code_hash: str, now: datetime) -> bool:
    """Delete a link because it is used; return False if it is unknown or has expired. Of concurrent calls one wins."""
    unused = PasswordLink.code_hash == code_hash, PasswordLink.expires_at > now
    taken = delete(PasswordLink).where(*unused).returning(PasswordLink.user_id)
    return session.scalars(taken).one_or_none() is not None


def lock_user(session: Session, user_id: int) -> User:
    """Lock the user of a link, before the link: the same order everywhere, against deadlocks."""
    query = select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def forget(session: Session, user_id: int) -> None:
    """Delete the links of a user."""
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user_id))


def sweep(session: Session, now: datetime) -> None:
    """Delete the links that have expired."""
    session.execute(delete(PasswordLink).where(PasswordLink.expires_at <= now))
