"""Queries on the enrolments of many people."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, literal, select
from sqlalchemy.orm import Session

from core.domain.access import Scope, UserState
from core.domain.progress import Progress
from core.storage.database import upsert
from core.storage.departments import within
from core.storage.tables import Course, DepartmentTree, Enrolment, EnrolmentRule, User, table_of

_ENROLLED_AT = table_of(Enrolment).c.enrolled_at.type
EXISTING = (UserState.ACTIVE, UserState.INACTIVE)


@dataclass(frozen=True, kw_only=True)
class StoredEnrolment:
    """A user's enrolment in a course, with all that the table holds of it."""

    user_id: int
    course_id: int
    progress: str
    enrolled_at: datetime
    due_at: datetime | None
    completed_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LeftCourse:
    """A course that a user has from the department that they leave, and how far they are in it."""

    course_id: int
    title: str
    progress: Progress


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many people have a course; how many of them have completed it, and how many are overdue."""

    people: int
    completed: int
    overdue: int


def counts(session: Session, scope: Scope, course_id: int, now: datetime) -> Counts:
    """Count the users within the scope who have a course."""
    is_completed = Enrolment.progress == Progress.COMPLETED
    query = (
        select(func.count(), _how_many(is_completed), _how_many(is_overdue(now)))
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


def without_and_with(session: Session, department_id: int, course_id: int) -> tuple[int, int]:
    """Count the active users of a department and those below it: those without a course, and those who have it."""
    query = (
        select(func.count(), func.count(Enrolment.user_id))
        .select_from(User)
        .outerjoin(Enrolment, and_(Enrolment.user_id == User.id, Enrolment.course_id == course_id))
        .where(_in_branch(department_id), User.state == UserState.ACTIVE)
    )
    people, having = session.execute(query).one()
    return people - having, having


def give(session: Session, department_id: int, course_id: int, due_at: datetime | None, now: datetime) -> int:
    """Enrol the active users of a department and those below it in a course, but the enrolled; return how many.

    Their rows are locked, so that none of them is moved or deleted meanwhile.
    """
    given = literal(course_id), literal(Progress.NOT_STARTED), literal(now, _ENROLLED_AT), literal(due_at, _ENROLLED_AT)
    active = select(User.id, *given).where(_in_branch(department_id), User.state == UserState.ACTIVE)
    chosen = active.order_by(User.id).with_for_update(read=True, of=User)
    columns = ["user_id", "course_id", "progress", "enrolled_at", "due_at"]
    statement = upsert(session, Enrolment).from_select(columns, chosen).on_conflict_do_nothing()
    return session.connection().execute(statement.execution_options(preserve_rowcount=True)).rowcount


def take_back(session: Session, department_id: int, course_id: int, given_at: datetime) -> int:
    """Delete the enrolments in a course that a department's users got at a moment and haven't started; return how many.

    The users of departments below it are among them.
    """
    taken = delete(Enrolment).where(
        Enrolment.course_id == course_id,
        Enrolment.enrolled_at == given_at,
        Enrolment.progress == Progress.NOT_STARTED,
        Enrolment.user_id.in_(select(User.id).where(_in_branch(department_id), User.state.in_(EXISTING))),
    )
    return session.connection().execute(taken).rowcount


def progress_of(session: Session, course_id: int, user_ids: Collection[int]) -> dict[int, Progress]:
    """Return how far the users who have a course are in it, by their numbers."""
    query = select(Enrolment.user_id, Enrolment.progress)
    found = session.execute(query.where(Enrolment.course_id == course_id, Enrolment.user_id.in_(user_ids)))
    return {user_id: Progress(progress) for user_id, progress in found}


def add(session: Session, enrolments: Iterable[StoredEnrolment]) -> list[tuple[int, int]]:
    """Add enrolments, but those in courses that their users have by then; return the others' user and course."""
    in_order = sorted(enrolments, key=lambda each: (each.user_id, each.course_id))  # so all lock in the same order
    if not in_order:
        return []
    statement = upsert(session, Enrolment).values([asdict(each) for each in in_order]).on_conflict_do_nothing()
    added = session.execute(statement.returning(Enrolment.user_id, Enrolment.course_id))
    return [(user_id, course_id) for user_id, course_id in added]


def left_behind(session: Session, user_id: int, old: int, new: int) -> list[LeftCourse]:
    """List a user's courses that rules of one department, or of those above it, give, and those of another don't.

    Archived courses are among them. They are sorted by title.
    """
    query = (
        select(Course.id, Course.title, Enrolment.progress)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.user_id == user_id, Course.id.in_(_given_by(old)), Course.id.not_in(_given_by(new)))
        .order_by(Course.title_key)
    )
    return [
        LeftCourse(course_id=course_id, title=title, progress=Progress(progress))
        for course_id, title, progress in session.execute(query)
    ]


def remove(session: Session, course_ids: Collection[int], user_ids: Collection[int]) -> list[StoredEnrolment]:
    """Delete the users' enrolments in courses, whatever their progress; return them, by user and course."""
    taken = delete(Enrolment).where(Enrolment.course_id.in_(course_ids), Enrolment.user_id.in_(user_ids))
    columns = [getattr(Enrolment, each.name) for each in fields(StoredEnrolment)]
    rows = session.execute(taken.returning(*columns)).all()
    return sorted((StoredEnrolment(**row._asdict()) for row in rows), key=lambda each: (each.user_id, each.course_id))


def remove_given(
    session: Session, course_ids: Collection[int], user_ids: Collection[int], given_at: datetime
) -> list[tuple[int, int]]:
    """Delete the users' enrolments in courses that began at a moment and aren't started.

    Returns those: the numbers of user and course.
    """
    taken = delete(Enrolment).where(
        Enrolment.course_id.in_(course_ids),
        Enrolment.user_id.in_(user_ids),
        Enrolment.enrolled_at == given_at,
        Enrolment.progress == Progress.NOT_STARTED,
    )
    returned = taken.returning(Enrolment.user_id, Enrolment.course_id)
    return [(user_id, course_id) for user_id, course_id in session.execute(returned)]


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Return the condition that `domain.progress.is_overdue` states."""
    return (Enrolment.due_at < now) & (Enrolment.progress != Progress.COMPLETED)


def _given_by(department_id: int) -> Select[int]:
    """Return a query for the courses that the rules of a department and of those above it give."""
    above = select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == department_id)
    return select(EnrolmentRule.course_id).where(EnrolmentRule.department_id.in_(above))


def _in_branch(department_id: int) -> ColumnElement[bool]:
    below = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    return User.department_id.in_(below)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
