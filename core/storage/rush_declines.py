"""Queries on who began to wait for approval in a rush, to decline them together, and to bring them back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from core.storage.tables import PendingSignUp, User
from core.storage.waiting import for_approval

MOST = 20_000  # people around an alert that are looked at


def waiting(session: Session, profile_id: int, between: tuple[datetime, datetime]) -> Sequence[Row[int, datetime]]:
    """List who waits for approval through a profile, and until when, if that lies between two moments; in its order."""
    first, last = between
    until = PendingSignUp.expires_at >= first, PendingSignUp.expires_at <= last
    query = select(PendingSignUp.user_id, PendingSignUp.expires_at).where(*_waits(profile_id), *until)
    return session.execute(query.order_by(PendingSignUp.expires_at, PendingSignUp.user_id).limit(MOST)).all()


def names(session: Session, user_ids: Collection[int]) -> list[str]:
    """Return the full names of some people, in the order of their numbers."""
    query = select(User).where(User.id.in_(user_ids)).order_by(User.id)
    return [user.full_name for user in session.scalars(query)]


def lock(session: Session, profile_id: int, user_ids: Collection[int], now: datetime) -> Sequence[PendingSignUp]:
    """Lock those of the people who wait for approval through a locked profile, by number."""
    return _locked(session, user_ids, *_waits(profile_id), PendingSignUp.expires_at > now)


def lock_declined(session: Session, profile_id: int, user_ids: Collection[int]) -> Sequence[PendingSignUp]:
    """Lock those of the people who were declined and can still be brought back, by number."""
    declined = PendingSignUp.profile_id == profile_id, PendingSignUp.declined_at.is_not(None)
    return _locked(session, user_ids, *declined)


def _waits(profile_id: int) -> tuple[ColumnElement[bool], ...]:
    return PendingSignUp.profile_id == profile_id, *for_approval()


def _locked(session: Session, user_ids: Collection[int], *which: ColumnElement[bool]) -> Sequence[PendingSignUp]:
    query = select(PendingSignUp).where(PendingSignUp.user_id.in_(user_ids), *which).order_by(PendingSignUp.user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
