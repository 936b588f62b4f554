"""Queries on learners' connected Telegram accounts, and on openings of the Mini App."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.storage.database import upsert
from core.storage.tables import MiniAppVisit, TelegramConnection, User


def by_digest(session: Session, digest: str) -> MiniAppVisit | None:
    """Find the visit that one opening of the Mini App began."""
    return session.scalars(select(MiniAppVisit).where(MiniAppVisit.digest == digest)).one_or_none()


def visit(session: Session, code_hash: str, now: datetime) -> MiniAppVisit | None:
    """Find a visit that hasn't expired."""
    query = select(MiniAppVisit).where(MiniAppVisit.code_hash == code_hash, MiniAppVisit.expires_at > now)
    return session.scalars(query).one_or_none()


def active_user(session: Session, telegram_id: int) -> int | None:
    """Return the number of the active user whose Telegram is connected."""
    query = (
        select(User.id)
        .join(TelegramConnection, TelegramConnection.user_id == User.id)
        .where(TelegramConnection.telegram_id == telegram_id, User.state == UserState.ACTIVE)
    )
    return session.scalars(query).one_or_none()


def connect(session: Session, user_id: int, telegram_id: int, now: datetime, *, may_write: bool) -> bool:
    """Connect a Telegram account with a user, unless one of them is connected already; return whether it was."""
    values = {"user_id": user_id, "telegram_id": telegram_id, "may_write": may_write, "connected_at": now}
    adding = upsert(session, TelegramConnection).values(values).on_conflict_do_nothing()
    return session.scalars(adding.returning(TelegramConnection.user_id)).one_or_none() is not None


def of_user(session: Session, user_id: int) -> TelegramConnection | None:
    """Return a user's connection."""
    return session.get(TelegramConnection, user_id)


def end(session: Session, telegram_id: int) -> None:
    """End the connection of a Telegram account, if there is one."""
    session.execute(delete(TelegramConnection).where(TelegramConnection.telegram_id == telegram_id))


def forget(session: Session, user_id: int) -> None:
    """End a user's connection, if there is one, and erase the name of who opened the Mini App with it."""
    theirs = select(TelegramConnection.telegram_id).where(TelegramConnection.user_id == user_id)
    visits = update(MiniAppVisit).where(MiniAppVisit.telegram_id.in_(theirs)).values(first_name="", last_name="")
    session.execute(visits.execution_options(synchronize_session=False))
    session.execute(delete(TelegramConnection).where(TelegramConnection.user_id == user_id))


def sweep(session: Session, now: datetime) -> None:
    """Delete the visits that have expired."""
    session.execute(delete(MiniAppVisit).where(MiniAppVisit.expires_at <= now))
