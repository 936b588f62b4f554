"""Queries on what is kept for as long as the account decides."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.storage import rosters
from core.storage.tables import DepartmentTree, ExpectedPerson, LinkRecipient, Profile, User


def count_listed(session: Session, before: datetime) -> int:
    """Count the expected people whose time was over before a moment, and those who were sent links of such profiles."""
    expected = select(func.count()).select_from(ExpectedPerson).where(_expected_no_longer(before))
    recipients = select(func.count()).select_from(LinkRecipient).where(LinkRecipient.profile_id.in_(_over(before)))
    return session.scalars(expected).one() + session.scalars(recipients).one()


def delete_expected(session: Session, before: datetime) -> None:
    """Delete the expected people whose time was over before a moment."""
    rosters.delete_entries(session, _expected_no_longer(before))


def count_deleted(session: Session, before: datetime) -> int:
    """Count the people who were deleted before a moment, and whose names are left."""
    return session.scalars(select(func.count()).select_from(User).where(User.deleted_at < before)).one()


def lock_deleted(session: Session, before: datetime, *, at_most: int) -> list[User]:
    """Lock people who were deleted before a moment, and whose names are left, skipping those locked by others."""
    query = select(User).where(User.deleted_at < before).order_by(User.deleted_at).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def _expected_no_longer(before: datetime) -> ColumnElement[bool]:
    """Return the condition that the profile was over before a moment; of a department, all that lead there.

    Whom a department expects while no profile leads there is kept as long since they were put on the list.
    """
    leads_there = exists().where(
        DepartmentTree.ancestor_id == ExpectedPerson.department_id,
        Profile.department_id == DepartmentTree.descendant_id,
        Profile.id.not_in(_over(before)),
    )
    of_department = ExpectedPerson.department_id.is_not(None) & (ExpectedPerson.added_at < before) & ~leads_there
    return or_(ExpectedPerson.profile_id.in_(_over(before)), of_department)


def _over(before: datetime) -> Select[int]:
    """Select the numbers of the profiles that ended, or were removed, before a moment."""
    return select(Profile.id).where(or_(Profile.ends_at < before, Profile.removed_at < before))
