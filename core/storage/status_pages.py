"""Queries on status pages."""

from datetime import datetime

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from core.domain.ledger import Event
from core.storage.tables import Activation, LedgerEntry, Link, PendingSignUp, StatusPage, User


def link_of(session: Session, user_id: int) -> int | None:
    """Return the number of the link that a user signed up through; None if they didn't, or their sign-up has ended."""
    waiting = select(PendingSignUp.link_id).where(PendingSignUp.user_id == user_id)
    complete = select(Activation.link_id).where(Activation.user_id == user_id)
    return session.scalars(waiting.union_all(complete)).first()


def add(session: Session, page: StatusPage, *, at_most: int) -> None:
    """Add a page; of a user's pages only the newest stay."""
    session.add(page)
    session.flush()
    others = StatusPage.user_id == page.user_id, StatusPage.code_hash != page.code_hash
    newest = select(StatusPage.code_hash).where(*others).order_by(StatusPage.expires_at.desc(), StatusPage.code_hash)
    session.execute(delete(StatusPage).where(*others, StatusPage.code_hash.not_in(newest.limit(at_most - 1))))


def find(session: Session, code_hash: str, now: datetime) -> Row[StatusPage, User, Link, PendingSignUp | None] | None:
    """Find the page of a code, its user and link, and the pending sign-up while there is one."""
    query = (
        select(StatusPage, User, Link, PendingSignUp)
        .join(User, User.id == StatusPage.user_id)
        .join(Link, Link.id == StatusPage.link_id)
        .outerjoin(PendingSignUp, PendingSignUp.user_id == User.id)
        .where(StatusPage.code_hash == code_hash, StatusPage.expires_at > now)
    )
    return session.execute(query).one_or_none()


def any_of(session: Session, user_id: int, now: datetime) -> bool:
    """Return whether a user has a page."""
    query = select(StatusPage.code_hash).where(StatusPage.user_id == user_id, StatusPage.expires_at > now).limit(1)
    return session.scalars(query).first() is not None


def mail_language(session: Session, user_id: int) -> str | None:
    """Return the language in which a user's newest page promised them e-mail; None if none did."""
    promised = StatusPage.user_id == user_id, StatusPage.mail_in.is_not(None)
    query = select(StatusPage.mail_in).where(*promised).order_by(StatusPage.expires_at.desc()).limit(1)
    return session.scalars(query).one_or_none()


def end_of(session: Session, user_id: int) -> tuple[int | None, str] | None:
    """Return who ended a sign-up that waited (None: the person, or nobody) and the reason; None if it hasn't ended."""
    ended = LedgerEntry.user_id == user_id, LedgerEntry.kind == Event.RELEASED
    row = session.execute(select(LedgerEntry.by_id, LedgerEntry.reason).where(*ended)).one_or_none()
    return None if row is None else (row.by_id, row.reason)


def forget(session: Session, user_id: int) -> None:
    """Delete the pages of a user."""
    session.execute(delete(StatusPage).where(StatusPage.user_id == user_id))


def sweep(session: Session, now: datetime) -> None:
    """Delete the pages that have expired."""
    session.execute(delete(StatusPage).where(StatusPage.expires_at <= now))
