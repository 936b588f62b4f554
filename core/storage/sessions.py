"""Queries on web sessions."""

from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.storage.tables import User, WebSession


def find(session: Session, token_hash: str, now: datetime, *, used_after: datetime) -> Row[WebSession, User] | None:
    """Find an unexpired session of an active user that was used after a moment."""
    query = (
        select(WebSession, User)
        .join(User, User.id == WebSession.user_id)
        .where(
            WebSession.token_hash == token_hash,
            WebSession.expires_at > now,
            WebSession.used_at > used_after,
            User.state == UserState.ACTIVE,
        )
    )
    return session.execute(query).one_or_none()


def renew(session: Session, token_hash: str, now: datetime, *, used_after: datetime) -> None:
    """Record that a session is used now, if it was used after a moment and hasn't expired."""
    alive = WebSession.token_hash == token_hash, WebSession.used_at > used_after, WebSession.expires_at > now
    session.execute(update(WebSession).where(*alive).values(used_at=now))


def end(session: Session, token_hash: str) -> int | None:
    """Delete a session; return the number of its user, None if there was none."""
    ended = delete(WebSession).where(WebSession.token_hash == token_hash).returning(WebSession.user_id)
    return session.scalars(ended).one_or_none()


def sweep(session: Session, now: datetime, *, used_after: datetime) -> None:
    """Delete the sessions that have expired, or weren't used after a moment."""
    session.execute(delete(WebSession).where((WebSession.expires_at <= now) | (WebSession.used_at <= used_after)))


def end_all(session: Session, user_id: int) -> None:
    """Delete all sessions of a user."""
    session.execute(delete(WebSession).where(WebSession.user_id == user_id))
