"""Queries on the enrolments of many people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from core.domain.access import Scope, UserState
from core.storage.departments import within
from core.storage.tables import Enrolment, User

COMPLETED = "completed"
EXISTING = (UserState.ACTIVE, UserState.INACTIVE)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many people have a course; how many of them have completed it, and how many are overdue."""

    people: int
    completed: int
    overdue: int


def counts(session: Session, scope: Scope, course_id: int, now: datetime) -> Counts:
    """Count the users within the scope who have a course."""
    is_completed = Enrolment.progress == COMPLETED
    is_overdue = and_(Enrolment.progress != COMPLETED, Enrolment.due_at < now)
    query = (
        select(func.count(), _how_many(is_completed), _how_many(is_overdue))
        .select_from(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .where(
            Enrolment.course_id == course_id,
            User.state.in_(EXISTING),
            within(scope, User.department_id.expression),
        )
    )
    people, completed, overdue = session.execute(query).one()
    return Counts(people=people, completed=completed, overdue=overdue)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
