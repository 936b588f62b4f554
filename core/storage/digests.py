"""Queries on digests."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import Digest, DigestRun, User


def of_user(session: Session, user_id: int) -> Digest | None:
    """Find a user's digest."""
    return session.scalars(select(Digest).where(Digest.user_id == user_id)).one_or_none()


def lock(session: Session, user_id: int) -> Digest | None:
    """Find a user's digest and lock it until the end of the transaction."""
    query = select(Digest).where(Digest.user_id == user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def due(session: Session, now: datetime, *, at_most: int) -> list[Digest]:
    """Lock the digests that are due, the most overdue first, skipping those locked by other processes."""
    query = select(Digest).where(Digest.next_due <= now).order_by(Digest.next_due).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def last_due(session: Session, digest_id: int) -> datetime | None:
    """Return the latest due instant (UTC) for which a digest has run; None if there is none."""
    return session.scalars(select(func.max(DigestRun.due_at)).where(DigestRun.digest_id == digest_id)).one()


def add_run(session: Session, **values: object) -> int | None:
    """Add a run; return its number, None if the digest has run for this instant already."""
    adding = upsert(session, DigestRun).values(values).on_conflict_do_nothing()
    return session.scalars(adding.returning(DigestRun.id)).one_or_none()


def runs(session: Session, run_ids: Iterable[int]) -> dict[int, DigestRun]:
    """Return those of the runs that there are, by number."""
    query = select(DigestRun).where(DigestRun.id.in_(set(run_ids)))
    return {run.id: run for run in session.scalars(query)}


def is_own_run(session: Session, user_id: int, run_id: int) -> bool:
    """Return whether a run is one of a user's digest."""
    query = select(DigestRun.id).join(Digest, Digest.id == DigestRun.digest_id)
    return session.scalars(query.where(DigestRun.id == run_id, Digest.user_id == user_id)).one_or_none() is not None


def any_due(session: Session, now: datetime) -> bool:
    """Return whether a digest is due, without locking it."""
    return session.scalars(select(Digest.id).where(Digest.next_due <= now).limit(1)).first() is not None


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the most overdue digest is due (UTC)."""
    return session.scalars(select(func.min(Digest.next_due)).where(Digest.next_due <= now)).one()


def scheduled(session: Session) -> list[Digest]:
    """Lock and return all digests that have a schedule."""
    return list(session.scalars(select(Digest).where(Digest.frequency.is_not(None)).with_for_update()))


def sent_to(session: Session, chat_id: int) -> list[Digest]:
    """List the digests sent to a chat."""
    return list(session.scalars(select(Digest).where(Digest.chat_id == chat_id).order_by(Digest.id)))


def in_groups(session: Session) -> list[tuple[Digest, User]]:
    """List the digests that go to groups, with their recipients, the newest connection first."""
    query = select(Digest, User).join(User, User.id == Digest.user_id).where(Digest.connected_at.is_not(None))
    return [(digest, user) for digest, user in session.execute(query.order_by(Digest.connected_at.desc(), Digest.id))]


def lock_by_number(session: Session, digest_id: int) -> Digest | None:
    """Find a digest by its number and lock it until the end of the transaction."""
    query = select(Digest).where(Digest.id == digest_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Redirect the digests of a chat to another one."""
    session.execute(update(Digest).where(Digest.chat_id == old_id).values(chat_id=new_id))


def forget(session: Session, user_id: int) -> None:
    """Delete a user's digest and its runs."""
    session.execute(delete(Digest).where(Digest.user_id == user_id))
