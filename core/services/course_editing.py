"""Changes of courses, at once or after a question to those whose change people would see, and their undo."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.keywords import is_none
from core.domain.naming import clean_name
from core.domain.page_settings import read_line
from core.domain.text import key
from core.errors import CourseExists, CourseGone, CourseReadOnly, NothingToUndo, PreviewOutdated
from core.services import audit_log, course_details, courses, questions
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.course_details import CourseDetails
from core.services.questions import About
from core.storage import courses as stored
from core.storage.database import refusing
from core.storage.tables import Course

UNDO = timedelta(minutes=1)

Value = str | int | None


class CourseField(StrEnum):
    """What can be changed about a course; the values are stored, and are what administrators type."""

    TITLE = "title"
    DESCRIPTION = "description"
    LINK = "link"
    DAYS = "days"


SEEN_BY_LEARNERS = frozenset({CourseField.TITLE, CourseField.DESCRIPTION, CourseField.LINK})


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change that so many people would see: what it changes, and the number of the question about it."""

    question_id: int
    course_id: int
    title: str
    field: CourseField
    before: Value
    after: Value
    people: int


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A course after a change of a field, and the number of the question whose answer takes it back.

    `undo_id` None: nothing has changed.
    """

    details: CourseDetails
    field: CourseField
    undo_id: int | None


@dataclass(frozen=True, kw_only=True)
class Archiving:
    """What archiving a course means; `seen` is the fingerprint of it."""

    details: CourseDetails
    seen: str


def propose(
    session: Session, actor_id: int, title: str, field: CourseField, text: str, now: datetime
) -> Proposal | Edited:
    """Prepare a question about a change that people would see; make any other change at once.

    A word for none takes a description or a deadline away. A new number of days is for those who get the course from
    then on: the others keep their due dates. Raises CourseNotFound, CourseReadOnly, and what the value may be refused
    for: InvalidName, CourseExists, InvalidCourseLink, InvalidDays, PageTextTooLong, KeywordInstead.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    course = _lock(session, actor, courses.find(session, title).id)
    value = read_value(field, text)
    return _ask(session, actor, course, field, value, now) or _change(session, actor, course, field, value, now)


def ask(
    session: Session, actor_id: int, course_id: int, field: CourseField, value: Value, now: datetime
) -> Proposal | None:
    """Prepare the question about a change; None if nobody would see it, or if it is like that. Nothing is changed.

    Raises CourseGone, CourseReadOnly, CourseExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    return _ask(session, actor, _lock(session, actor, course_id), field, value, now)


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> Edited:
    """Make the change that was asked about.

    Raises QuestionClosed, CourseReadOnly, CourseExists, and PreviewOutdated if the value has changed since.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    body = questions.answer(session, actor_id, question_id, About.COURSE_CHANGE, now)
    return _carry_out(session, actor, body["course_id"], CourseField(body["field"]), body["before"], body["after"], now)


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> Edited:
    """Take a change back, less than UNDO after it.

    Raises QuestionClosed, NothingToUndo, CourseReadOnly, CourseExists, and PreviewOutdated if the value has changed
    since.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    body = questions.answer(session, actor_id, question_id, About.COURSE_UNDO, now)
    if now - datetime.fromisoformat(body["at"]) > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    return _carry_out(session, actor, body["course_id"], CourseField(body["field"]), body["after"], body["before"], now)


def preview_archiving(session: Session, actor_id: int, title: str, now: datetime) -> Archiving:
    """Return what archiving a course means, or bringing it back. Raises CourseNotFound, CourseReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    details = course_details.of(session, actor, courses.find(session, title), now)
    if not details.may_change:
        raise CourseReadOnly(details.card.title)
    return _archiving(details)


def archive(
    session: Session, actor_id: int, course_id: int, now: datetime, *, seen: str | None = None
) -> CourseDetails:
    """Archive a course: rules no longer give it, and those who have it keep it. Idempotent.

    Raises CourseGone, CourseReadOnly, and PreviewOutdated if it is no longer what was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    course = _lock(session, actor, course_id)
    if course.archived_at is None:
        refuse_if_outdated(seen, _archiving(course_details.of(session, actor, course, now)).seen)
        course.archived_at = now
        audit_log.record(session, actor_id, Action.COURSE_ARCHIVED, _subject(course), now)
        session.flush()
    return course_details.of(session, actor, course, now)


def restore(session: Session, actor_id: int, course_id: int, now: datetime) -> CourseDetails:
    """Bring an archived course back: its rules give it again. Idempotent. Raises CourseGone, CourseReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    course = _lock(session, actor, course_id)
    if course.archived_at is not None:
        course.archived_at = None
        audit_log.record(session, actor_id, Action.COURSE_RESTORED, _subject(course), now)
        session.flush()
    return course_details.of(session, actor, course, now)


def _archiving(details: CourseDetails) -> Archiving:
    return Archiving(details=details, seen=fingerprint(details.card.title, details.departments))


def _lock(session: Session, actor: Actor, course_id: int) -> Course:
    """Lock a course that the actor may change. Raises CourseGone, CourseReadOnly."""
    course = stored.lock(session, course_id)
    if course is None:
        raise CourseGone
    if stored.is_given_outside(session, actor.scope, course_id):
        raise CourseReadOnly(course.title)
    return course


def _ask(
    session: Session, actor: Actor, course: Course, field: CourseField, value: Value, now: datetime
) -> Proposal | None:
    before = _value(course, field)
    people = course_details.of(session, actor, course, now).counts.people
    if field not in SEEN_BY_LEARNERS or not people or value == before:
        return None
    if field is CourseField.TITLE:
        _require_free(session, course, str(value))
    body = {"course_id": course.id, "field": field, "before": before, "after": value}
    return Proposal(
        question_id=questions.ask(session, actor.user_id, About.COURSE_CHANGE, body, now),
        course_id=course.id,
        title=course.title,
        field=field,
        before=before,
        after=value,
        people=people,
    )


def _carry_out(
    session: Session, actor: Actor, course_id: int, field: CourseField, before: Value, after: Value, now: datetime
) -> Edited:
    course = _lock(session, actor, course_id)
    if _value(course, field) != before:
        raise PreviewOutdated
    return _change(session, actor, course, field, after, now)


def _change(session: Session, actor: Actor, course: Course, field: CourseField, value: Value, now: datetime) -> Edited:
    """Change a field of a locked course, record it, and keep what takes it back."""
    before, subject = _value(course, field), _subject(course)
    if value == before:
        return Edited(details=course_details.of(session, actor, course, now), field=field, undo_id=None)
    with refusing(session, uq_course_title_key=CourseExists(str(value))):
        setattr(course, field, value)
        course.title_key = key(course.title)
    audit_log.record(
        session, actor.user_id, Action.COURSE_CHANGED, subject, now, before={field: before}, after={field: value}
    )
    body = {"course_id": course.id, "field": field, "before": before, "after": value, "at": now.isoformat()}
    return Edited(
        details=course_details.of(session, actor, course, now),
        field=field,
        undo_id=questions.ask(session, actor.user_id, About.COURSE_UNDO, body, now),
    )


def _require_free(session: Session, course: Course, title: str) -> None:
    """Refuse a title that another course has before it is asked about; the constraint decides. Raises CourseExists."""
    other = stored.by_title(session, title)
    if other is not None and other.id != course.id:
        raise CourseExists(title)


def read_value(field: CourseField, text: str) -> Value:
    """Read a field's value; a word for none is no deadline, and no description.

    Raises InvalidName, InvalidCourseLink, InvalidDays, PageTextTooLong, KeywordInstead.
    """
    match field:
        case CourseField.TITLE:
            return clean_name(text)
        case CourseField.DESCRIPTION:
            return read_line(text, courses.LONGEST_DESCRIPTION) or ""
        case CourseField.LINK:
            return courses.check_link(text)
        case CourseField.DAYS:
            return None if is_none(text) else courses.parse_days(text)


def _value(course: Course, field: CourseField) -> Value:
    values: dict[CourseField, Value] = {
        CourseField.TITLE: course.title,
        CourseField.DESCRIPTION: course.description,
        CourseField.LINK: course.link,
        CourseField.DAYS: course.days,
    }
    return values[field]


def _subject(course: Course) -> Subject:
    return Subject(number=course.id, name=course.title)
