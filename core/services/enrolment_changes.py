"""What giving a course to people by name, and taking it back from them, have in common."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor, Permission
from core.domain.progress import Progress
from core.errors import NothingToUndo, UserNotFound
from core.services import audit_log, questions
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.questions import About
from core.storage import enrolments, people
from core.storage.enrolments import StoredEnrolment

UNDO = timedelta(minutes=1)
MOMENTS = ("enrolled_at", "due_at", "completed_at", "started_at")


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A person whom a change of enrolments concerns, and how far they are in the course; None: they don't have it."""

    user_id: int
    name: str
    department_id: int
    progress: Progress | None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change that was asked about: those who would get or lose a course, and the others, for whom nothing changes."""

    question_id: int
    course_id: int
    title: str
    people: tuple[Learner, ...]
    others: tuple[Learner, ...]


@dataclass(frozen=True, kw_only=True)
class EnrolmentChange:
    """A change that was made: those who got or lost a course, as they were before, and the others.

    `due_at` (UTC) is when they have to complete it, None: no deadline, or they lost it. `undo_id` is the number of the
    question whose answer takes the change back; None if nothing has changed, or if this was the undo.
    """

    course_id: int
    title: str
    people: tuple[Learner, ...]
    others: tuple[Learner, ...]
    due_at: datetime | None = None
    undo_id: int | None = None


def authorised(session: Session, user_id: int) -> Actor:
    """Return the rights of an actor who may manage courses, and people. Raises NotAllowed."""
    actor = authorise(session, user_id, Permission.MANAGE_COURSES)
    actor.require(Permission.MANAGE_PEOPLE)
    return actor


def learners(session: Session, actor: Actor, course_id: int, user_ids: Collection[int]) -> tuple[Learner, ...]:
    """Return those of the users who exist within scope, with their progress; they are locked against being moved."""
    found = people.lock_against_moving(session, actor.scope, user_ids)
    progress = enrolments.progress_of(session, course_id, [user.id for user in found])
    return tuple(
        Learner(user_id=user.id, name=user.full_name, department_id=user.department_id, progress=progress.get(user.id))
        for user in found
    )


def the_one(found: tuple[Learner, ...], user_id: int) -> tuple[Learner, ...]:
    """Return what was found of one user. Raises UserNotFound if that is nobody."""
    if not found:
        raise UserNotFound(str(user_id))
    return found


def record_given(session: Session, actor: Actor, concerned: Iterable[Learner], title: str, now: datetime) -> None:
    """Record for each person that they got a course, or got it back with their progress."""
    for each in concerned:
        facts = _facts(each, title)
        audit_log.record(session, actor.user_id, Action.COURSE_GIVEN, _of_user(each), now, after=facts)


def record_taken_back(session: Session, actor: Actor, concerned: Iterable[Learner], title: str, now: datetime) -> None:
    """Record for each person that they lost a course, with the progress that is gone."""
    for each in concerned:
        facts = _facts(each, title)
        audit_log.record(session, actor.user_id, Action.COURSE_TAKEN_BACK, _of_user(each), now, before=facts)


def _of_user(learner: Learner) -> Subject:
    return Subject(number=learner.user_id, name=learner.name, department_id=learner.department_id)


def _facts(learner: Learner, title: str) -> dict[str, str]:
    return {"course": title} | ({"progress": learner.progress} if learner.progress else {})


def ask_undo(session: Session, actor: Actor, about: About, body: Mapping[str, Any], now: datetime) -> int:
    """Keep what takes a change back for UNDO; return the number of the question."""
    return questions.ask(session, actor.user_id, about, {**body, "at": profile_answers.written(now)}, now)


def answer_undo(session: Session, actor: Actor, question_id: int, about: About, now: datetime) -> Mapping[str, Any]:
    """Close the question that takes a change back, and return its body. Raises QuestionClosed, NothingToUndo."""
    body = questions.answer(session, actor.user_id, question_id, about, now)
    if now - profile_answers.read_moment(body["at"]) > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    return body


def written(row: StoredEnrolment) -> dict[str, Any]:
    """Write an enrolment as a question keeps it."""
    values = asdict(row)
    return values | {name: profile_answers.written(values[name]) for name in MOMENTS if values[name] is not None}


def read(values: Mapping[str, Any]) -> StoredEnrolment:
    """Read an enrolment that `written` wrote."""
    moments = {name: profile_answers.read_moment(values[name]) for name in MOMENTS if values[name] is not None}
    return StoredEnrolment(**{**values, **moments})
