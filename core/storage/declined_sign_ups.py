"""Queries on people who wait for approval: to decline several of them together, and to bring them back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.storage.tables import PendingSignUp, User
from core.storage.waiting import for_approval


def names(session: Session, user_ids: Collection[int]) -> list[str]:
    """Return the full names of some people, in the order of their numbers."""
    query = select(User).where(User.id.in_(user_ids)).order_by(User.id)
    return [user.full_name for user in session.scalars(query)]


def lock(session: Session, profile_id: int, user_ids: Collection[int], now: datetime) -> Sequence[PendingSignUp]:
    """Lock those of the people who wait for approval through a locked profile, by number."""
    waits = PendingSignUp.profile_id == profile_id, *for_approval(), PendingSignUp.expires_at > now
    return _locked(session, user_ids, *waits)


def lock_declined(session: Session, profile_id: int, user_ids: Collection[int]) -> Sequence[PendingSignUp]:
    """Lock those of the people who were declined and can still be brought back, by number."""
    declined = PendingSignUp.profile_id == profile_id, PendingSignUp.declined_at.is_not(None)
    return _locked(session, user_ids, *declined)


def _locked(session: Session, user_ids: Collection[int], *which: ColumnElement[bool]) -> Sequence[PendingSignUp]:
    query = select(PendingSignUp).where(PendingSignUp.user_id.in_(user_ids), *which).order_by(PendingSignUp.user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
