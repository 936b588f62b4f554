"""Queries on courses, enrolment rules and enrolments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.text import key
from core.storage.departments import within
from core.storage.tables import Course, DepartmentTree, Enrolment, EnrolmentRule


@dataclass(frozen=True, kw_only=True)
class GivenCourse:
    """A course that enrolment rules assign, with the days to complete it."""

    course_id: int
    days: int | None


def by_title(session: Session, title: str) -> Course | None:
    """Find a course by its title, ignoring case."""
    return session.scalars(select(Course).where(Course.title_key == key(title))).one_or_none()


def titles(session: Session) -> list[str]:
    """List the titles of all courses."""
    return list(session.scalars(select(Course.title).order_by(Course.title_key)))


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


def drop_rule(session: Session, department_id: int, course_id: int) -> bool:
    """Delete a rule; return False if there is none."""
    dropped = (
        delete(EnrolmentRule)
        .where(EnrolmentRule.department_id == department_id, EnrolmentRule.course_id == course_id)
        .returning(EnrolmentRule.course_id)
    )
    return session.scalars(dropped).one_or_none() is not None


def enrolled_in(session: Session, user_id: int) -> set[int]:
    """Return the numbers of the courses that a user is enrolled in."""
    return set(session.scalars(select(Enrolment.course_id).where(Enrolment.user_id == user_id)))


def forget_enrolments(session: Session, user_id: int) -> None:
    """Delete a user's enrolments."""
    session.execute(delete(Enrolment).where(Enrolment.user_id == user_id))


def given_in(session: Session, department_id: int) -> list[GivenCourse]:
    """List the courses assigned by the rules of a department and of those above it, each once."""
    query = (
        select(Course.id, Course.days)
        .join(EnrolmentRule, EnrolmentRule.course_id == Course.id)
        .join(DepartmentTree, DepartmentTree.ancestor_id == EnrolmentRule.department_id)
        .where(DepartmentTree.descendant_id == department_id)
        .distinct()
        .order_by(Course.id)
    )
    return [GivenCourse(course_id=course_id, days=days) for course_id, days in session.execute(query).all()]


def enrolments_of(session: Session, user_id: int) -> Sequence[Row[Enrolment, Course]]:
    """List a user's enrolments with their courses, those due first on top."""
    query = (
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.user_id == user_id)
        .order_by(Enrolment.due_at.is_(None), Enrolment.due_at, Course.title_key)
    )
    return session.execute(query).all()


def set_progress(session: Session, user_id: int, course_id: int, *, allowed_from: Sequence[str], to: str) -> bool:
    """Set an enrolment's progress; return False if there is none in one of the states `allowed_from`."""
    moved = (
        update(Enrolment)
        .where(Enrolment.user_id == user_id, Enrolment.course_id == course_id, Enrolment.progress.in_(allowed_from))
        .values(progress=to)
        .returning(Enrolment.course_id)
    )
    return session.scalars(moved).one_or_none() is not None


def count(session: Session) -> int:
    """Count the courses."""
    return session.scalars(select(func.count()).select_from(Course)).one()


def count_rules(session: Session) -> int:
    """Count the enrolment rules."""
    return session.scalars(select(func.count()).select_from(EnrolmentRule)).one()
