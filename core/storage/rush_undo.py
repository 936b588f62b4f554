"""Queries on who signed up in a rush, to take them back together, and to bring them back."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.orm import Session

from core.domain.access import Role, Scope
from core.domain.alerts import RUSH_ONCE_IN
from core.storage.departments import within
from core.storage.enrolments import EXISTING
from core.storage.tables import Activation, Enrolment, Profile, User

MOST_MOMENTS = 20_000  # sign-ups around an alert that are looked at


def moments(session: Session, profile_id: int, around: datetime) -> Sequence[datetime]:
    """List when people signed up through a profile around a moment, in order."""
    query = select(Activation.at).where(
        Activation.profile_id == profile_id,
        Activation.at >= around - RUSH_ONCE_IN,
        Activation.at <= around + RUSH_ONCE_IN,
    )
    return session.scalars(query.order_by(Activation.at, Activation.id).limit(MOST_MOMENTS)).all()


def counts(session: Session, scope: Scope, profile_id: int, between: tuple[datetime, datetime]) -> tuple[int, int]:
    """Count the learners who signed up between two moments and weren't taken back: within the scope, and outside."""
    inside = func.count().filter(within(scope, User.department_id.expression))
    query = select(inside, func.count()).select_from(Activation).join(User, User.id == Activation.user_id)
    shown, total = session.execute(query.where(*_came(profile_id, between))).one()
    return shown, total - shown


def learners(
    session: Session, scope: Scope, profile_id: int, between: tuple[datetime, datetime], *, at_most: int
) -> Sequence[User]:
    """List the first of those within the scope, in the order in which they signed up."""
    query = select(User).join(Activation, Activation.user_id == User.id)
    wanted = query.where(*_came(profile_id, between), within(scope, User.department_id.expression))
    return session.scalars(wanted.order_by(Activation.id).limit(at_most)).all()


def lock(session: Session, scope: Scope, user_ids: Collection[int]) -> Sequence[Row[User, Activation]]:
    """Lock those of the learners who are within the scope, by number; return them with their activations."""
    users = select(User).where(User.id.in_(user_ids), *_is_learner(), within(scope, User.department_id.expression))
    locking = users.order_by(User.id).with_for_update().execution_options(populate_existing=True)
    found = {user.id: user for user in session.scalars(locking)}
    query = select(User, Activation).join(Activation, Activation.user_id == User.id).where(User.id.in_(list(found)))
    return session.execute(query.order_by(User.id).execution_options(populate_existing=True)).all()


def courses_of(session: Session, user_ids: Collection[int]) -> list[int]:
    """Return the courses that any of these people has."""
    query = select(Enrolment.course_id).where(Enrolment.user_id.in_(user_ids)).distinct()
    return list(session.scalars(query.order_by(Enrolment.course_id)))


def retake(session: Session, profile_id: int, places: int) -> int | None:
    """Take so many places of a locked profile again; return how many are free, None if all were taken."""
    used = Profile.used + Profile.reserved
    enough = Profile.activation_limit.is_(None) | (used + places <= Profile.activation_limit)
    taking = update(Profile).where(Profile.id == profile_id, enough).values(used=Profile.used + places)
    done = taking.returning(Profile.id).execution_options(synchronize_session=False)
    if session.scalars(done).one_or_none() is not None:
        return None
    return session.scalars(select(Profile.activation_limit - used).where(Profile.id == profile_id)).one()


def _came(profile_id: int, between: tuple[datetime, datetime]) -> tuple[ColumnElement[bool], ...]:
    first, last = between
    came = Activation.profile_id == profile_id, Activation.at >= first, Activation.at <= last
    return *came, Activation.returned_at.is_(None), *_is_learner()


def _is_learner() -> tuple[ColumnElement[bool], ...]:
    return User.state.in_(EXISTING), User.role == Role.LEARNER
