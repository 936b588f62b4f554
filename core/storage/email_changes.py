"""Queries on new e-mail addresses that users have yet to confirm."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import EmailChange


def put(session: Session, user_id: int, email: str, code_hash: str, expires_at: datetime) -> None:
    """Store a user's new address in the place of an earlier one that wasn't confirmed."""
    values = {"email": email, "code_hash": code_hash, "expires_at": expires_at}
    adding = upsert(session, EmailChange).values(user_id=user_id, **values)
    session.execute(adding.on_conflict_do_update(index_elements=["user_id"], set_=values))


def of_user(session: Session, user_id: int, now: datetime) -> EmailChange | None:
    """Find the address that a user has yet to confirm."""
    open_one = EmailChange.user_id == user_id, EmailChange.expires_at > now
    return session.scalars(select(EmailChange).where(*open_one)).one_or_none()


def lock(session: Session, user_id: int, now: datetime) -> EmailChange | None:
    """Find the same and lock it: another address may be entered while a message is written."""
    open_one = EmailChange.user_id == user_id, EmailChange.expires_at > now
    query = select(EmailChange).where(*open_one).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def by_code(session: Session, code_hash: str, now: datetime) -> EmailChange | None:
    """Find the change that a code confirms."""
    open_one = EmailChange.code_hash == code_hash, EmailChange.expires_at > now
    return session.scalars(select(EmailChange).where(*open_one)).one_or_none()


def take(session: Session, code_hash: str, now: datetime) -> bool:
    """Delete a change because it is confirmed; False if it is unknown or expired. Of concurrent calls one wins."""
    open_one = EmailChange.code_hash == code_hash, EmailChange.expires_at > now
    return (
        session.scalars(delete(EmailChange).where(*open_one).returning(EmailChange.user_id)).one_or_none() is not None
    )


def forget(session: Session, user_id: int) -> None:
    """Delete a user's change."""
    session.execute(delete(EmailChange).where(EmailChange.user_id == user_id))


def sweep(session: Session, now: datetime) -> None:
    """Delete the changes that have expired."""
    session.execute(delete(EmailChange).where(EmailChange.expires_at <= now))
