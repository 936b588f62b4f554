"""Courses, enrolment rules, and learners' enrolments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.naming import clean_name, format_path, nearest
from core.domain.numbers import count_of_days
from core.domain.page_settings import read_line
from core.domain.progress import Progress, is_overdue
from core.domain.text import key
from core.domain.windows import end_of_day
from core.errors import (
    CourseArchived,
    CourseExists,
    CourseNotFound,
    InvalidCourseLink,
    InvalidDays,
    RuleExists,
    RuleNotFound,
)
from core.services import audit_log, department_lookup
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import account, courses, departments
from core.storage.courses import GivenCourse
from core.storage.database import refusing
from core.storage.tables import Course, EnrolmentRule

LONGEST_LINK = 2000
MOST_DAYS = 3650
LONGEST_DESCRIPTION = 1000


@dataclass(frozen=True, kw_only=True)
class CourseCard:
    """A course as administrators see it; `days` to complete it, None for no deadline."""

    course_id: int
    title: str
    description: str
    link: str
    days: int | None
    archived: bool


@dataclass(frozen=True, kw_only=True)
class RuleCard:
    """An enrolment rule: users who join the department, or one below it, are enrolled in the course."""

    department: tuple[str, ...]
    title: str


@dataclass(frozen=True, kw_only=True)
class ChangedRule(RuleCard):
    """A rule that was just added or removed, with the numbers that a button carries."""

    department_id: int
    course_id: int


@dataclass(frozen=True, kw_only=True)
class MyCourse:
    """A course as its learner sees it; `due_at` and `completed_at` are UTC, to be shown in `zone`.

    `completed_at` is None if it isn't completed, or was before that was recorded.
    """

    course_id: int
    title: str
    description: str
    link: str
    progress: Progress
    due_at: datetime | None
    completed_at: datetime | None
    overdue: bool
    zone: ZoneInfo


def add(
    session: Session, actor_id: int, title: str, link: str, days: str, now: datetime, *, description: str = ""
) -> CourseCard:
    """Add a course; empty `days`: no deadline.

    Raises InvalidName, InvalidCourseLink, InvalidDays, PageTextTooLong, KeywordInstead, CourseExists.
    """
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    title = clean_name(title)
    described = (read_line(description, LONGEST_DESCRIPTION) or "") if description else ""
    course = Course(
        title=title, title_key=key(title), link=check_link(link), days=parse_days(days), description=described
    )
    with refusing(session, uq_course_title_key=CourseExists(title)):
        session.add(course)
    after = {"link": course.link, "days": course.days, **({"description": described} if described else {})}
    audit_log.record(session, actor_id, Action.COURSE_ADDED, Subject(number=course.id, name=title), now, after=after)
    return card(course)


def add_rule(session: Session, actor_id: int, department: str, title: str, now: datetime) -> ChangedRule:
    """Enrol users who join a department, or one below it, from now on.

    Raises DepartmentNotFound, CourseNotFound, CourseArchived, RuleExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    department_id = department_lookup.find_and_lock(session, actor, department)
    course, path = find(session, title), departments.path(session, department_id)
    require_offered(course)
    with refusing(session, pk_enrolment_rule=RuleExists(format_path(path), course.title)):
        session.add(EnrolmentRule(department_id=department_id, course_id=course.id))
    _record_rule(session, actor_id, Action.RULE_ADDED, department_id, course, now)
    return ChangedRule(department=path, title=course.title, department_id=department_id, course_id=course.id)


def remove_rule(session: Session, actor_id: int, department: str, title: str, now: datetime) -> ChangedRule:
    """Stop enrolling users who join the department; existing enrolments stay.

    Raises DepartmentNotFound, CourseNotFound, RuleNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    department_id = department_lookup.find(session, actor, department)
    course, path = find(session, title), departments.path(session, department_id)
    if not courses.drop_rule(session, department_id, course.id):
        raise RuleNotFound(format_path(path), course.title)
    _record_rule(session, actor_id, Action.RULE_REMOVED, department_id, course, now)
    return ChangedRule(department=path, title=course.title, department_id=department_id, course_id=course.id)


def catalogue(session: Session, actor_id: int) -> list[CourseCard]:
    """List all courses, sorted by title. Needs the permission to manage courses."""
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    return [card(row) for row in courses.all_courses(session)]


def rules(session: Session, actor_id: int) -> list[RuleCard]:
    """List the enrolment rules within scope, sorted by department. Needs the permission to manage courses."""
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    found = courses.rules(session, actor.scope)
    paths = departments.paths(session, [department_id for department_id, _ in found])
    cards = [RuleCard(department=paths[department_id], title=title) for department_id, title in found]
    return sorted(cards, key=lambda card: (card.department, card.title))


def enrol(session: Session, user_id: int, department_id: int, now: datetime) -> None:
    """Enrol a user who joins a department by its rules and those of the departments above it.

    A course is due at the end of its last day in the account's time zone. Existing enrolments keep their progress and
    due date.
    """
    known, given = courses.enrolled_in(session, user_id), courses.given_in(session, department_id)
    _enrol(session, user_id, [each for each in given if each.course_id not in known], account.zone(session), now)


def enrol_newcomer(session: Session, user_id: int, department_id: int, zone: ZoneInfo, now: datetime) -> None:
    """Enrol a user who has no enrolments yet, as `enrol` does; `zone` is the account's."""
    _enrol(session, user_id, courses.given_in(session, department_id), zone, now)


def forget_enrolments(session: Session, user_id: int) -> None:
    """Delete a user's enrolments, when the user is deleted."""
    courses.forget_enrolments(session, user_id)


def mine(session: Session, user_id: int, now: datetime) -> list[MyCourse]:
    """List a learner's own courses, those due first on top."""
    return mine_in(session, user_id, account.zone(session), now)


def mine_in(session: Session, user_id: int, zone: ZoneInfo, now: datetime) -> list[MyCourse]:
    """List a learner's own courses, as `mine` does; `zone` is the account's."""
    return [
        MyCourse(
            course_id=row.course_id,
            title=row.title,
            description=row.description,
            link=row.link,
            progress=Progress(row.progress),
            due_at=row.due_at,
            completed_at=row.completed_at,
            overdue=is_overdue(Progress(row.progress), row.due_at, now),
            zone=zone,
        )
        for row in courses.enrolments_of(session, user_id)
    ]


def advance(session: Session, user_id: int, course_id: int, to: Progress, now: datetime) -> bool:
    """Mark a learner's own course as started or completed, or undo the latter; return False if nothing changes."""
    allowed = {
        Progress.STARTED: [Progress.NOT_STARTED, Progress.COMPLETED],
        Progress.COMPLETED: [Progress.NOT_STARTED, Progress.STARTED],
    }
    completed = to is Progress.COMPLETED
    return courses.set_progress(
        session, user_id, course_id, allowed_from=allowed.get(to, []), to=to, now=now, completed=completed
    )


def begin(session: Session, user_id: int, course_id: int, now: datetime) -> str | None:
    """Return the link of a learner's own course that they open, which starts it; None if there is no such course."""
    courses.set_progress(
        session,
        user_id,
        course_id,
        allowed_from=[Progress.NOT_STARTED],
        to=Progress.STARTED,
        now=now,
        completed=False,
    )
    return link(session, user_id, course_id)


def link(session: Session, user_id: int, course_id: int) -> str | None:
    """Return the link of a learner's own course; None if there is no such course."""
    return courses.link_of(session, user_id, course_id)


def _enrol(session: Session, user_id: int, given: Sequence[GivenCourse], zone: ZoneInfo, now: datetime) -> None:
    joined = {"user_id": user_id, "progress": Progress.NOT_STARTED, "enrolled_at": now}
    courses.add_enrolments(
        session, [{**joined, "course_id": each.course_id, "due_at": due_at(each.days, zone, now)} for each in given]
    )


def due_at(days: int | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when a course is due that a user gets now: at the end of its last day; None if it has no deadline."""
    if days is None:
        return None
    return end_of_day(now.astimezone(zone).date() + timedelta(days=days), zone)


def find(session: Session, title: str) -> Course:
    """Return a course by its title, ignoring case. Raises CourseNotFound."""
    title = clean_name(title)
    course = courses.by_title(session, title)
    if course is None:
        raise CourseNotFound(title, nearest(title, courses.titles(session)))
    return course


def require_offered(course: Course) -> None:
    """Raise CourseArchived if a course is archived."""
    if course.archived_at is not None:
        raise CourseArchived(course.title)


def card(course: Course) -> CourseCard:
    """Return a course as administrators see it. Rights are not checked here."""
    return CourseCard(
        course_id=course.id,
        title=course.title,
        description=course.description,
        link=course.link,
        days=course.days,
        archived=course.archived_at is not None,
    )


def _record_rule(
    session: Session, actor_id: int, action: Action, department_id: int, course: Course, now: datetime
) -> None:
    path = format_path(departments.path(session, department_id))
    subject = Subject(number=course.id, name=course.title, department_id=department_id)
    audit_log.record(session, actor_id, action, subject, now, after={"department": path})


def check_link(text: str) -> str:
    """Return a course's address without what stands around it where it was copied. Raises InvalidCourseLink."""
    link = text.strip().removeprefix("<").removesuffix(">").rstrip(".,;")  # as mail programs and sentences have it
    try:
        parts = urlsplit(link)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and link.isprintable() and " " not in link
    except ValueError:  # an address such as http://[
        usable = False
    if not usable or len(link) > LONGEST_LINK:
        raise InvalidCourseLink(link)
    return link


def parse_days(text: str) -> int | None:
    """Return the days to complete a course; None if there is no text. Raises InvalidDays."""
    text = text.strip()
    if not text:
        return None
    if (days := count_of_days(text, MOST_DAYS)) is None:
        raise InvalidDays(text, MOST_DAYS)
    return days
