"""Queries on digests."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.storage.tables import Digest, DigestRun


def of_user(session: Session, user_id: int) -> Digest | None:
    """Find a user's digest."""
    return session.scalars(select(Digest).where(Digest.user_id == user_id)).one_or_none()


def lock(session: Session, user_id: int) -> Digest | None:
    """Find a user's digest and lock it until the end of the transaction."""
    query = select(Digest).where(Digest.user_id == user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def due(session: Session, now: datetime, *, at_most: int) -> list[Digest]:
    """Take digests that are due, the longest waiting first, passing by those another process has in hand."""
    query = select(Digest).where(Digest.next_due <= now).order_by(Digest.next_due).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def last_due(session: Session, digest_id: int) -> datetime | None:
    """Give the latest due instant that a digest has had."""
    return session.scalars(select(func.max(DigestRun.due_at)).where(DigestRun.digest_id == digest_id)).one()


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether a digest is due, without a lock."""
    return session.scalars(select(Digest.id).where(Digest.next_due <= now).limit(1)).first() is not None


def scheduled(session: Session) -> list[Digest]:
    """Give and lock every digest that has a schedule."""
    return list(session.scalars(select(Digest).where(Digest.frequency.is_not(None)).with_for_update()))


def sent_to(session: Session, chat_id: int) -> list[Digest]:
    """List the digests that go to a chat."""
    return list(session.scalars(select(Digest).where(Digest.chat_id == chat_id).order_by(Digest.id)))


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Send the digests of a chat to another one."""
    session.execute(update(Digest).where(Digest.chat_id == old_id).values(chat_id=new_id))


def forget(session: Session, user_id: int) -> None:
    """Remove a user's digest and its runs."""
    session.execute(delete(Digest).where(Digest.user_id == user_id))
