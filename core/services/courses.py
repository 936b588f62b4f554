"""Courses, the rules that give them, and learners' enrolments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.naming import clean_name, format_path, nearest
from core.errors import CourseExists, CourseNotFound, InvalidCourseLink, InvalidDays, RuleExists
from core.services import departments as department_services
from core.services.people import acting
from core.storage import account, courses, departments
from core.storage.database import refusing
from core.storage.tables import Course, Enrolment, EnrolmentRule

LONGEST_LINK = 2000
MOST_DAYS = 3650


class Progress(StrEnum):
    """How far a learner is with a course."""

    NOT_STARTED = "not started"
    STARTED = "started"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True)
class CourseCard:
    """A course as administrators see it; `days` None: no time to keep."""

    title: str
    link: str
    days: int | None


@dataclass(frozen=True, kw_only=True)
class RuleCard:
    """An enrolment rule: who joins the department or one below it gets the course."""

    department: tuple[str, ...]
    title: str


@dataclass(frozen=True, kw_only=True)
class MyCourse:
    """A course as its learner sees it; `due_at` is UTC, to be shown in `zone`."""

    course_id: int
    title: str
    link: str
    progress: Progress
    due_at: datetime | None
    overdue: bool
    zone: ZoneInfo


def add(session: Session, actor_id: int, title: str, link: str, days: str) -> CourseCard:
    """Add a course; empty `days` sets no time. Raises InvalidName, InvalidCourseLink, InvalidDays, CourseExists."""
    acting(session, actor_id, Permission.MANAGE_COURSES)
    title = clean_name(title)
    course = Course(title=title, title_key=title.casefold(), link=_check_link(link), days=_parse_days(days))
    with refusing(session, uq_course_title_key=CourseExists(title)):
        session.add(course)
    return CourseCard(title=course.title, link=course.link, days=course.days)


def add_rule(session: Session, actor_id: int, department: str, title: str) -> RuleCard:
    """Give a course to whoever joins a department or one below it from now on.

    Raises DepartmentNotFound, CourseNotFound, RuleExists.
    """
    actor = acting(session, actor_id, Permission.MANAGE_COURSES)
    department_id = department_services.find(session, actor, department)
    title = clean_name(title)
    course = courses.by_title(session, title)
    if course is None:
        raise CourseNotFound(title, nearest(title, courses.titles(session)))
    path = departments.paths(session, [department_id])[department_id]
    with refusing(session, pk_enrolment_rule=RuleExists(format_path(path), course.title)):
        session.add(EnrolmentRule(department_id=department_id, course_id=course.id))
    return RuleCard(department=path, title=course.title)


def enrol(session: Session, user_id: int, department_id: int, now: datetime) -> None:
    """Enrol somebody who joins a department in the courses that its rules, and those above it, give."""
    for course in courses.given_in(session, department_id):
        due_at = None if course.days is None else now + timedelta(days=course.days)
        session.add(
            Enrolment(
                user_id=user_id,
                course_id=course.course_id,
                progress=Progress.NOT_STARTED,
                enrolled_at=now,
                due_at=due_at,
            )
        )


def mine(session: Session, user_id: int, now: datetime) -> list[MyCourse]:
    """List a learner's own courses, what is due first on top."""
    zone = account.zone(session)
    return [
        MyCourse(
            course_id=course.id,
            title=course.title,
            link=course.link,
            progress=Progress(enrolment.progress),
            due_at=enrolment.due_at,
            overdue=_overdue(enrolment, now),
            zone=zone,
        )
        for enrolment, course in courses.enrolments_of(session, user_id)
    ]


def advance(session: Session, user_id: int, course_id: int, to: Progress) -> bool:
    """Move a learner's own course on to started or completed; False where there is nothing to move."""
    allowed = {Progress.STARTED: [Progress.NOT_STARTED], Progress.COMPLETED: [Progress.NOT_STARTED, Progress.STARTED]}
    return courses.set_progress(session, user_id, course_id, allowed_from=allowed.get(to, []), to=to)


def _overdue(enrolment: Enrolment, now: datetime) -> bool:
    return enrolment.due_at is not None and enrolment.due_at < now and enrolment.progress != Progress.COMPLETED


def _check_link(text: str) -> str:
    link = text.strip()
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and link.isprintable() and " " not in link
    except ValueError:  # an address such as http://[
        usable = False
    if not usable or len(link) > LONGEST_LINK:
        raise InvalidCourseLink(link)
    return link


def _parse_days(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_DAYS)) and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise InvalidDays(text, MOST_DAYS)
