"""Queries on reminders of which a manager hears that they were of no use."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, case, exists, func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.rosters import RosterOf
from core.storage.departments import within
from core.storage.people import is_active
from core.storage.roster_matches import came
from core.storage.tables import ExpectedPerson, Profile, Reminder, User


def learners_departments(session: Session, day: date) -> set[int]:
    """Return the departments of the learners of whom is told on a day."""
    query = select(User.department_id).join(Reminder, Reminder.user_id == User.id).where(Reminder.told_on == day)
    return set(session.scalars(query))


def holders(session: Session, day: date) -> Sequence[Row[int, int | None]]:
    """List where the expected people belong who are told of on a day: the department of a list, or of its profile.

    With the profile's creator, None for the list of a department.
    """
    department = func.coalesce(ExpectedPerson.department_id, Profile.department_id)
    creator = case((ExpectedPerson.department_id.is_(None), Profile.created_by))
    query = (
        select(department, creator)
        .select_from(Reminder)
        .join(ExpectedPerson, ExpectedPerson.id == Reminder.expected_id)
        .join(Profile, Profile.id == Reminder.profile_id)
        .where(Reminder.told_on == day)
    )
    return session.execute(query.distinct().order_by(department, creator)).all()


def learners(session: Session, scope: Scope, day: date) -> list[User]:
    """List the learners within the scope who are told of on a day."""
    told = select(Reminder.user_id).where(Reminder.told_on == day, Reminder.user_id.is_not(None))
    query = select(User).where(User.id.in_(told), *is_active(), within(scope, User.department_id.expression))
    return list(session.scalars(query.order_by(User.id)))


def refused(session: Session, day: date) -> set[str]:
    """Return the keys of the people of whom is told on a day because their address was refused."""
    return set(session.scalars(select(Reminder.person_key).where(Reminder.told_on == day, Reminder.refused)))


def expected(session: Session, scope: Scope, day: date) -> Sequence[Row[ExpectedPerson, Profile]]:
    """List the expected people who are told of on a day and haven't come, with profiles and lists of the scope."""
    lists = _lists(session, day)
    query = (
        select(ExpectedPerson, Profile)
        .join(Reminder, Reminder.expected_id == ExpectedPerson.id)
        .join(Profile, Profile.id == Reminder.profile_id)
        .where(
            Reminder.told_on == day,
            Profile.removed_at.is_(None),
            ExpectedPerson.id.not_in(came(lists)),
            ~exists().where(User.email == ExpectedPerson.email),
            within(scope, Profile.department_id.expression),
            or_(
                ExpectedPerson.department_id.is_(None),
                within(scope, ExpectedPerson.department_id.expression),
            ),
        )
    )
    return session.execute(query.order_by(ExpectedPerson.id)).all() if lists else []


def _lists(session: Session, day: date) -> list[RosterOf]:
    """Return the lists that have the expected people who are told of on a day."""
    query = select(ExpectedPerson.profile_id, ExpectedPerson.department_id).join(
        Reminder, Reminder.expected_id == ExpectedPerson.id
    )
    found = session.execute(query.where(Reminder.told_on == day).distinct())
    return [RosterOf(profile_id=profile, department_id=department) for profile, department in found]
