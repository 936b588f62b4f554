"""Queries on the progress of many learners in their courses. Only active users count: others can't study."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, and_, distinct, exists, func, or_, select, true
from sqlalchemy.orm import Session

from core.domain.access import Role, Scope
from core.domain.progress import Progress
from core.storage.departments import within
from core.storage.enrolments import is_overdue
from core.storage.people import is_active
from core.storage.tables import Activation, Course, DepartmentTree, Enrolment, User


class Which(StrEnum):
    """Which enrolments are asked for."""

    ALL = "all"
    NOT_STARTED = "not started"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class CourseCounts:
    """How many learners are where in a course; those who are overdue have started it or not."""

    title: str
    not_started: int
    started: int
    completed: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How far the `people` who have courses are, each in one of three groups; of all of them, `overdue` are so in one.

    `not_started` still have to begin one, `under_way` have begun all of theirs, `completed` have completed them.
    """

    people: int
    not_started: int
    under_way: int
    completed: int
    overdue: int


def learners_of_profile(scope: Scope, profile_id: int) -> Select[int]:
    """Return a query for the active learners within the scope now who signed up through a profile."""
    query = select(Activation.user_id).join(User, User.id == Activation.user_id)
    shown = within(scope, Activation.learner_department_id.expression)
    return query.where(Activation.profile_id == profile_id, shown, *is_active())


def active_among(people: Select[int]) -> Select[int]:
    """Return a query for those of the users who are active."""
    return select(User.id).where(User.id.in_(people), *is_active())


def people_within(scope: Scope, department_id: int | None) -> Select[int]:
    """Return a query for the active users within the scope, of a department and those below it if one is given."""
    query = select(User.id).where(*is_active(), within(scope, User.department_id.expression))
    if department_id is None:
        return query
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    return query.where(User.department_id.in_(branch))


def learners_within(scope: Scope, department_id: int | None) -> Select[int]:
    """Return a query for those of the same users who learn: learners, and staff who have a course."""
    has_any = exists().where(Enrolment.user_id == User.id)
    return people_within(scope, department_id).where(or_(User.role == Role.LEARNER, has_any))


def people_with_course(scope: Scope, course_id: int) -> Select[int]:
    """Return a query for the active users within the scope who have a course."""
    has_it = exists().where(Enrolment.user_id == User.id, Enrolment.course_id == course_id)
    return people_within(scope, None).where(has_it)


def anybody_has(session: Session, scope: Scope, course_id: int) -> bool:
    """Return whether a user within the scope, active or not, has a course."""
    theirs = select(Enrolment.user_id).join(User, User.id == Enrolment.user_id)
    query = theirs.where(Enrolment.course_id == course_id, within(scope, User.department_id.expression))
    return session.scalars(query.limit(1)).first() is not None


def count(session: Session, people: Select[int]) -> int:
    """Count the people."""
    return session.scalars(select(func.count()).select_from(people.subquery())).one()


def rows(session: Session, people: Select[int], course_id: int | None = None) -> int:
    """Count the people's enrolments (in one course, if it is given), and the people without any course."""
    theirs = Enrolment.user_id.in_(people)
    of_course = () if course_id is None else (Enrolment.course_id == course_id,)
    enrolled = select(func.count()).select_from(Enrolment).where(theirs, *of_course)
    with_any = select(func.count(distinct(Enrolment.user_id))).where(theirs)
    everybody = select(func.count()).select_from(people.subquery())
    counts = (each.scalar_subquery() for each in (enrolled, everybody, with_any))
    courses, learners, learning = session.execute(select(*counts)).one()
    return int(courses + learners - learning)


def by_course(session: Session, people: Select[int], now: datetime, course_id: int | None = None) -> list[CourseCounts]:
    """Count the people's enrolments (in one course, if it is given) by course and progress, sorted by title."""
    query = (
        select(
            Course.title,
            func.count().filter(Enrolment.progress == Progress.NOT_STARTED),
            func.count().filter(Enrolment.progress == Progress.STARTED),
            func.count().filter(Enrolment.progress == Progress.COMPLETED),
            func.count().filter(_are(Which.OVERDUE, now)),
        )
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.user_id.in_(people), _are(Which.ALL, now, course_id))
        .group_by(Course.id, Course.title, Course.title_key)
        .order_by(Course.title_key)
    )
    return [
        CourseCounts(title=title, not_started=waiting, started=started, completed=completed, overdue=overdue)
        for title, waiting, started, completed, overdue in session.execute(query)
    ]


def behind(session: Session, people: Select[int], now: datetime, course_id: int | None = None) -> tuple[int, int]:
    """Count the people who have not started a course (or the given one), and those who are overdue in one."""
    numbers = distinct(Enrolment.user_id)
    query = select(
        func.count(numbers).filter(_are(Which.NOT_STARTED, now)), func.count(numbers).filter(_are(Which.OVERDUE, now))
    )
    row = session.execute(query.where(Enrolment.user_id.in_(people), _are(Which.ALL, now, course_id))).one()
    return row[0], row[1]


def steps(session: Session, people: Select[int], now: datetime) -> Steps:
    """Count how far those of the people are who have courses."""
    by_person = (
        select(
            func.count().filter(_are(Which.NOT_STARTED, now)).label("to_begin"),
            func.count().filter(Enrolment.progress != Progress.COMPLETED).label("unfinished"),
            func.count().filter(_are(Which.OVERDUE, now)).label("late"),
        )
        .where(Enrolment.user_id.in_(people))
        .group_by(Enrolment.user_id)
        .subquery()
    )
    each, number = by_person.c, func.count()
    query = select(
        number, number.filter(each.to_begin > 0), number.filter(each.unfinished == 0), number.filter(each.late > 0)
    )
    total, not_started, completed, overdue = session.execute(query.select_from(by_person)).one()
    return Steps(
        people=total,
        not_started=not_started,
        under_way=total - not_started - completed,
        completed=completed,
        overdue=overdue,
    )


def behind_by_department(session: Session, scope: Scope, now: datetime) -> list[tuple[int, int, int]]:
    """Count who has not started a course, and who is overdue in one, of the active users within the scope.

    Return for each department that has such users its number and both counts.
    """
    numbers, are_behind = distinct(Enrolment.user_id), or_(_are(Which.NOT_STARTED, now), _are(Which.OVERDUE, now))
    query = (
        select(
            User.department_id,
            func.count(numbers).filter(_are(Which.NOT_STARTED, now)),
            func.count(numbers).filter(_are(Which.OVERDUE, now)),
        )
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(*is_active(), within(scope, User.department_id.expression), are_behind)
        .group_by(User.department_id)
    )
    return [(department_id, waiting, overdue) for department_id, waiting, overdue in session.execute(query)]


def behind_by_profile(session: Session, profile_ids: Collection[int], now: datetime) -> list[tuple[int, int, int, int]]:
    """Count who has not started a course, and who is overdue in one, of the active users who came through profiles.

    Return for each profile and department where such users are now its number, the department's, and both counts.
    """
    numbers, are_behind = distinct(Enrolment.user_id), or_(_are(Which.NOT_STARTED, now), _are(Which.OVERDUE, now))
    query = (
        select(
            Activation.profile_id,
            Activation.learner_department_id,
            func.count(numbers).filter(_are(Which.NOT_STARTED, now)),
            func.count(numbers).filter(_are(Which.OVERDUE, now)),
        )
        .join(User, User.id == Activation.user_id)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Activation.profile_id.in_(profile_ids), *is_active(), are_behind)
        .group_by(Activation.profile_id, Activation.learner_department_id)
    )
    return [(profile, place, waiting, overdue) for profile, place, waiting, overdue in session.execute(query)]


def page(
    session: Session,
    people: Select[int],
    which: Which,
    now: datetime,
    *,
    after: int,
    size: int,
    course_id: int | None = None,
) -> list[User]:
    """List the people who have such enrolments (in one course, if it is given), or all, with numbers above `after`."""
    query = select(User).where(User.id.in_(people), User.id > after)
    if which is not Which.ALL:
        query = query.where(exists().where(Enrolment.user_id == User.id, _are(which, now, course_id)))
    return list(session.scalars(query.order_by(User.id).limit(size)))


def courses_of(session: Session, people: Select[int]) -> list[tuple[int, str]]:
    """List the courses of the people, with their titles: those that most of them have come first."""
    query = (
        select(Course.id, Course.title)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.user_id.in_(people))
        .group_by(Course.id, Course.title, Course.title_key)
        .order_by(func.count().desc(), Course.title_key)
    )
    return [(number, title) for number, title in session.execute(query)]


def people_with(people: Select[int], which: Which, now: datetime, course_id: int | None = None) -> Select[int]:
    """Return a query for those of the people who have such enrolments (in one course, if it is given)."""
    having = exists().where(Enrolment.user_id == User.id, _are(which, now, course_id))
    return select(User.id).where(User.id.in_(people), having)


def enrolments(
    session: Session, user_ids: Iterable[int], which: Which, now: datetime, course_id: int | None = None
) -> Sequence[Row[Enrolment, str]]:
    """List such enrolments of users (in one course, if it is given), with courses' titles: those due first on top."""
    query = (
        select(Enrolment, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.user_id.in_(list(user_ids)), _are(which, now, course_id))
    )
    return session.execute(query.order_by(Enrolment.due_at.is_(None), Enrolment.due_at, Course.title_key)).all()


def _are(which: Which, now: datetime, course_id: int | None = None) -> ColumnElement[bool]:
    of_course = true() if course_id is None else Enrolment.course_id == course_id
    if which is Which.NOT_STARTED:
        return and_(Enrolment.progress == Progress.NOT_STARTED, of_course)
    return and_(is_overdue(now), of_course) if which is Which.OVERDUE else of_course
