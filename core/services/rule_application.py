"""Enrolment rules applied to the people who are in their departments already, and the undo of that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.naming import format_path
from core.errors import CourseGone, NothingToUndo, RuleNotFound
from core.services import audit_log, courses, department_lookup, questions
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.department_lookup import Address
from core.services.questions import About
from core.storage import account, departments, enrolments
from core.storage import courses as stored
from core.storage.tables import Course

UNDO = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Application:
    """A rule, how many people of its department and those below it get the course by it, and how many have it already.

    Only active people get courses, and only they are counted.
    `seen` is the fingerprint of whom and what: those who have it already may become more meanwhile.
    """

    department_id: int
    course_id: int
    department: tuple[str, ...]
    title: str
    people: int
    having: int

    @property
    def seen(self) -> str:
        """The fingerprint of what the question names."""
        return fingerprint(self.department, self.title, self.people)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What was given, and the number of the question whose answer takes it back."""

    application: Application
    undo_id: int


def preview(session: Session, actor_id: int, department: Address, title: str) -> Application:
    """Return what applying a rule means.

    Raises DepartmentNotFound, DepartmentAmbiguous, CourseNotFound, CourseArchived, RuleNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    department_id = department_lookup.find(session, actor, department)
    return _application(session, department_id, courses.find(session, title))


def apply(
    session: Session, actor_id: int, department_id: int, course_id: int, now: datetime, *, seen: str | None = None
) -> Applied:
    """Give a rule's course to the active people of its department, and of those below it, who don't have it.

    It is due as if they joined now. Those who join meanwhile get it by the rule, once. Raises DepartmentGone,
    CourseGone, CourseArchived, RuleNotFound, and PreviewOutdated if others would get it than what was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    course = _course(session, actor, department_id, course_id)
    having = _application(session, department_id, course).having
    due_at = courses.due_at(course.days, account.zone(session), now)
    people = enrolments.give(session, department_id, course_id, due_at, now)
    given = Application(
        department_id=department_id,
        course_id=course_id,
        department=departments.path(session, department_id),
        title=course.title,
        people=people,
        having=having,
    )
    refuse_if_outdated(seen, given.seen)
    _record(session, actor_id, Action.RULE_APPLIED, given, people, now)
    body = {"department_id": department_id, "course_id": course_id, "at": now.isoformat()}
    undo_id = questions.ask(session, actor_id, About.RULE_UNDO, body, now)
    return Applied(application=given, undo_id=undo_id)


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> tuple[Application, int]:
    """Take back what was given, less than UNDO after it, from those who haven't started; return also from how many.

    Raises QuestionClosed, NothingToUndo, DepartmentGone, CourseGone, and what `apply` raises if the rule is no longer
    there.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    body = questions.answer(session, actor_id, question_id, About.RULE_UNDO, now)
    at = datetime.fromisoformat(body["at"])
    if now - at > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    department_id, course_id = body["department_id"], body["course_id"]
    course = _course(session, actor, department_id, course_id)
    taken = enrolments.take_back(session, department_id, course_id, at)
    application = _application(session, department_id, course)
    _record(session, actor_id, Action.RULE_APPLICATION_UNDONE, application, taken, now)
    return application, taken


def _course(session: Session, actor: Actor, department_id: int, course_id: int) -> Course:
    """Return a course, locked against changes, for a department within scope. Raises DepartmentGone, CourseGone."""
    department_lookup.find(session, actor, department_id)
    course = stored.lock(session, course_id)
    if course is None:
        raise CourseGone
    return course


def _application(session: Session, department_id: int, course: Course) -> Application:
    path = departments.path(session, department_id)
    courses.require_offered(course)
    if not stored.is_rule(session, department_id, course.id):
        raise RuleNotFound(format_path(path), course.title)
    people, having = enrolments.without_and_with(session, department_id, course.id)
    return Application(
        department_id=department_id,
        course_id=course.id,
        department=path,
        title=course.title,
        people=people,
        having=having,
    )


def _record(session: Session, actor_id: int, action: Action, given: Application, people: int, now: datetime) -> None:
    subject = Subject(number=given.course_id, name=given.title, department_id=given.department_id)
    after = {"department": format_path(given.department), "people": people}
    audit_log.record(session, actor_id, action, subject, now, after=after)
