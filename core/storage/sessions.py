"""Queries on web sessions."""

from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.storage.tables import User, WebSession


def find(session: Session, token_hash: str, now: datetime) -> Row[WebSession, User] | None:
    """Find an unexpired session of an active user."""
    query = (
        select(WebSession, User)
        .join(User, User.id == WebSession.user_id)
        .where(WebSession.token_hash == token_hash, WebSession.expires_at > now, User.state == UserState.ACTIVE)
    )
    return session.execute(query).one_or_none()


def end(session: Session, token_hash: str) -> int | None:
    """Delete a session; return the number of its user, None if there was none."""
    ended = delete(WebSession).where(WebSession.token_hash == token_hash).returning(WebSession.user_id)
    return session.scalars(ended).one_or_none()


def sweep(session: Session, now: datetime) -> None:
    """Delete the expired sessions."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))


def end_all(session: Session, user_id: int) -> None:
    """Delete all sessions of a user."""
    session.execute(delete(WebSession).where(WebSession.user_id == user_id))
