"""Queries on web sessions."""

from datetime import datetime

from sqlalchemy import Row, String, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.storage.tables import Department, Moment, TelegramConnection, User, WebSession, table_of


def find(
    session: Session, token_hash: str, now: datetime, *, used_after: datetime
) -> Row[int, str, str, str | None, str, int, str, datetime | None, bool, datetime] | None:
    """Find an unexpired session of an active user that was used after a moment.

    The row holds the user's number, names, e-mail address, role, department (its number and own name) and
    `password_link_at`, whether their Telegram is connected, and when the session was used last.
    """
    sought = {"token_hash": token_hash, "now": now, "used_after": used_after}
    return session.connection().execute(_FIND, sought).one_or_none()


def start(session: Session, user_id: int, token_hash: str, now: datetime, expires_at: datetime, device: str) -> bool:
    """Add a session of a user in a browser of this name; return False if there is no such active user."""
    row = {"user": user_id, "token_hash": token_hash, "expires_at": expires_at, "now": now, "device": device}
    return session.connection().execute(_START, row).one_or_none() is not None


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


def of_user(session: Session, user_id: int, now: datetime, *, used_after: datetime) -> list[WebSession]:
    """List a user's sessions that go on, the newest use first."""
    alive = WebSession.user_id == user_id, WebSession.expires_at > now, WebSession.used_at > used_after
    query = select(WebSession).where(*alive).order_by(WebSession.used_at.desc(), WebSession.token_hash)
    return list(session.scalars(query))


def end_all(session: Session, user_id: int) -> None:
    """Delete all sessions of a user."""
    session.execute(delete(WebSession).where(WebSession.user_id == user_id))


_USER, _SESSION, _DEPARTMENT = table_of(User), table_of(WebSession), table_of(Department)
_CONNECTION = table_of(TelegramConnection)
_FIND = (
    select(
        _USER.c.id,
        _USER.c.first_name,
        _USER.c.last_name,
        _USER.c.email,
        _USER.c.role,
        _USER.c.department_id,
        _DEPARTMENT.c.name.label("department"),
        _USER.c.password_link_at,
        exists().where(_CONNECTION.c.user_id == _USER.c.id).label("has_telegram"),
        _SESSION.c.used_at,
    )
    .join(_SESSION, _SESSION.c.user_id == _USER.c.id)
    .join(_DEPARTMENT, _DEPARTMENT.c.id == _USER.c.department_id)
    .where(
        _SESSION.c.token_hash == bindparam("token_hash"),
        _SESSION.c.expires_at > bindparam("now", type_=Moment()),
        _SESSION.c.used_at > bindparam("used_after", type_=Moment()),
        _USER.c.state == UserState.ACTIVE,
    )
)
_START = (
    insert(_SESSION)
    .from_select(
        ["token_hash", "user_id", "expires_at", "used_at", "device"],
        select(
            bindparam("token_hash", type_=String),
            _USER.c.id,
            bindparam("expires_at", type_=Moment()),
            bindparam("now", type_=Moment()),
            bindparam("device", type_=String),
        ).where(_USER.c.id == bindparam("user"), _USER.c.state == UserState.ACTIVE),
    )
    .returning(_SESSION.c.user_id)
)
