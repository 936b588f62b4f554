"""Queries on courses, enrolment rules and enrolments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, bindparam, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.text import key
from core.storage.departments import within
from core.storage.people import is_active
from core.storage.tables import Course, DepartmentTree, Enrolment, EnrolmentRule, User, table_of

_COURSE, _RULE, _TREE = table_of(Course), table_of(EnrolmentRule), table_of(DepartmentTree)
_GIVEN_IN = (
    select(_COURSE.c.id, _COURSE.c.days)
    .join(_RULE, _RULE.c.course_id == _COURSE.c.id)
    .join(_TREE, _TREE.c.ancestor_id == _RULE.c.department_id)
    .where(_TREE.c.descendant_id == bindparam("department"), _COURSE.c.archived_at.is_(None))
    .distinct()
    .order_by(_COURSE.c.id)
)
_ENROLMENT = table_of(Enrolment)
_ENROL = insert(_ENROLMENT)
_ENROLMENTS = (
    select(
        _COURSE.c.id.label("course_id"),
        _COURSE.c.title,
        _COURSE.c.description,
        _COURSE.c.link,
        _ENROLMENT.c.progress,
        _ENROLMENT.c.due_at,
        _ENROLMENT.c.completed_at,
    )
    .join(_ENROLMENT, _ENROLMENT.c.course_id == _COURSE.c.id)
    .where(_ENROLMENT.c.user_id == bindparam("user"))
    .order_by(_ENROLMENT.c.due_at.is_(None), _ENROLMENT.c.due_at, _COURSE.c.title_key)
)


@dataclass(frozen=True, kw_only=True)
class EnrolmentRow:
    """A learner's course, and their progress in it."""

    course_id: int
    title: str
    description: str
    link: str
    progress: str
    due_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class GivenCourse:
    """A course that enrolment rules assign, with the days to complete it."""

    course_id: int
    days: int | None


def by_title(session: Session, title: str) -> Course | None:
    """Find a course by its title, ignoring case."""
    return session.scalars(select(Course).where(Course.title_key == key(title))).one_or_none()


def lock(session: Session, course_id: int) -> Course | None:
    """Lock a course until the end of the transaction, and return it as it is now; None if there is none."""
    query = select(Course).where(Course.id == course_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def titles(session: Session) -> list[str]:
    """List the titles of all courses."""
    return list(session.scalars(select(Course.title).order_by(Course.title_key)))


def titles_of(session: Session, course_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of courses by their numbers, in the order of the titles."""
    query = select(Course.id, Course.title).where(Course.id.in_(course_ids)).order_by(Course.title_key)
    return dict(session.execute(query).all()) if course_ids else {}


def all_courses(session: Session) -> list[Course]:
    """List all courses, sorted by title."""
    return list(session.scalars(select(Course).order_by(Course.title_key)))


def rules(session: Session, scope: Scope) -> Sequence[Row[int, str]]:
    """List the rules of the departments within the scope: department number, course title."""
    query = (
        select(EnrolmentRule.department_id, Course.title)
        .join(Course, Course.id == EnrolmentRule.course_id)
        .where(within(scope, EnrolmentRule.department_id.expression))
    )
    return session.execute(query).all()


def titles_given_in(session: Session, department_ids: Iterable[int]) -> list[str]:
    """List the titles of the courses that the rules of these departments give, without those of departments above."""
    query = (
        select(Course.title)
        .join(EnrolmentRule, EnrolmentRule.course_id == Course.id)
        .where(EnrolmentRule.department_id.in_(list(department_ids)))
        .distinct()
    )
    return sorted(session.scalars(query))


def departments_giving(session: Session, scope: Scope, course_id: int) -> list[int]:
    """Return the numbers of the departments within the scope whose rules give a course."""
    department_id = EnrolmentRule.department_id
    query = select(department_id).where(EnrolmentRule.course_id == course_id, within(scope, department_id.expression))
    return list(session.scalars(query))


def is_given_outside(session: Session, scope: Scope, course_id: int) -> bool:
    """Return whether a department outside the scope gives a course, or a user of one has it."""
    if scope.everywhere:
        return False
    giving = select(EnrolmentRule.course_id).where(
        EnrolmentRule.course_id == course_id, ~within(scope, EnrolmentRule.department_id.expression)
    )
    having = (
        select(Enrolment.course_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.course_id == course_id, ~within(scope, User.department_id.expression))
    )
    return session.scalars(select(or_(giving.exists(), having.exists()))).one()


def is_rule(session: Session, department_id: int, course_id: int) -> bool:
    """Return whether a department's own rule gives a course."""
    return session.get(EnrolmentRule, (department_id, course_id), populate_existing=True) is not None


def drop_rule(session: Session, department_id: int, course_id: int) -> bool:
    """Delete a rule; return False if there is none."""
    dropped = (
        delete(EnrolmentRule)
        .where(EnrolmentRule.department_id == department_id, EnrolmentRule.course_id == course_id)
        .returning(EnrolmentRule.course_id)
    )
    return session.scalars(dropped).one_or_none() is not None


def add_enrolments(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Add enrolments, each with these values of columns."""
    if rows:
        session.connection().execute(_ENROL, rows)


def enrolled_in(session: Session, user_id: int) -> set[int]:
    """Return the numbers of the courses that a user is enrolled in."""
    return set(session.scalars(select(Enrolment.course_id).where(Enrolment.user_id == user_id)))


def forget_enrolments(session: Session, user_id: int) -> None:
    """Delete a user's enrolments."""
    session.execute(delete(Enrolment).where(Enrolment.user_id == user_id))


def given_in(session: Session, department_id: int) -> list[GivenCourse]:
    """List the courses assigned by the rules of a department and of those above it, each once."""
    found = session.connection().execute(_GIVEN_IN, {"department": department_id}).all()
    return [GivenCourse(course_id=course_id, days=days) for course_id, days in found]


def enrolments_of(session: Session, user_id: int) -> list[EnrolmentRow]:
    """List a user's enrolments with their courses, those due first on top."""
    rows = session.connection().execute(_ENROLMENTS, {"user": user_id})
    return [EnrolmentRow(**row._asdict()) for row in rows]


def link_of(session: Session, user_id: int, course_id: int) -> str | None:
    """Return the link of a course that an active user is enrolled in; None if there is none."""
    query = select(Course.link).join(Enrolment, Enrolment.course_id == Course.id)
    own = Enrolment.user_id == user_id, Course.id == course_id, _has_active_user()
    return session.scalars(query.where(*own)).one_or_none()


def set_progress(
    session: Session,
    user_id: int,
    course_id: int,
    *,
    allowed_from: Sequence[str],
    to: str,
    now: datetime,
    completed: bool,
) -> bool:
    """Set an active user's progress, which `completed` a course or not; False if it isn't in a state `allowed_from`.

    One that was not started is started now.
    """
    own = Enrolment.user_id == user_id, Enrolment.course_id == course_id, _has_active_user()
    first_time = case((Enrolment.progress == "not started", now), else_=Enrolment.started_at)
    moved = (
        update(Enrolment)
        .where(*own, Enrolment.progress.in_(allowed_from))
        .values(progress=to, completed_at=now if completed else None, started_at=first_time)
        .returning(Enrolment.course_id)
    )
    return session.scalars(moved).one_or_none() is not None


def _has_active_user() -> ColumnElement[bool]:
    """Return the condition that an enrolment's user is active now: an open page or a signed link may be older."""
    return exists().where(User.id == Enrolment.user_id, *is_active())


def count(session: Session) -> int:
    """Count the courses."""
    return session.scalars(select(func.count()).select_from(Course)).one()


def count_rules(session: Session) -> int:
    """Count the enrolment rules."""
    return session.scalars(select(func.count()).select_from(EnrolmentRule)).one()
