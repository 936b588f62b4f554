"""Queries on what is kept for as long as the account decides."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.storage import rosters
from core.storage.tables import ExpectedPerson, LinkRecipient, Profile, User


def count_listed(session: Session, before: datetime) -> int:
    """Count the expected people, and those to whom links were sent, of profiles that were over before a moment."""
    over = _over(before)
    expected = select(func.count()).select_from(ExpectedPerson).where(ExpectedPerson.profile_id.in_(over))
    recipients = select(func.count()).select_from(LinkRecipient).where(LinkRecipient.profile_id.in_(over))
    return session.scalars(expected).one() + session.scalars(recipients).one()


def delete_expected(session: Session, before: datetime) -> None:
    """Delete the expected people of profiles that were over before a moment."""
    rosters.delete_entries(session, ExpectedPerson.profile_id.in_(_over(before)))


def count_deleted(session: Session, before: datetime) -> int:
    """Count the people who were deleted before a moment, and whose names are left."""
    return session.scalars(select(func.count()).select_from(User).where(User.deleted_at < before)).one()


def lock_deleted(session: Session, before: datetime, *, at_most: int) -> list[User]:
    """Lock people who were deleted before a moment, and whose names are left, skipping those locked by others."""
    query = select(User).where(User.deleted_at < before).order_by(User.deleted_at).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def _over(before: datetime) -> Select[int]:
    """Select the numbers of the profiles that ended, or were removed, before a moment."""
    return select(Profile.id).where(or_(Profile.ends_at < before, Profile.removed_at < before))
