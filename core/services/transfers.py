"""Transfers of people, at once or after the question what becomes of the old department's courses, and their undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor, Permission
from core.domain.progress import Progress
from core.errors import PreviewOutdated
from core.services import department_lookup, enrolment_changes, people, questions
from core.services.authorisation import authorise
from core.services.department_lookup import Address
from core.services.enrolment_changes import Learner
from core.services.questions import About
from core.storage import courses, departments, enrolments
from core.storage.enrolments import LeftCourse, StoredEnrolment
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class TransferProposal:
    """A transfer that was asked about, with the courses that the person has from the department that they leave.

    The new department doesn't give these; they are kept or taken back.
    """

    question_id: int
    user_id: int
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    courses: tuple[LeftCourse, ...]


@dataclass(frozen=True, kw_only=True)
class Transferred:
    """A transfer that was made: the titles of the courses that were added, kept from the old department, taken back.

    `undo_id` is the number of the question whose answer takes it back; None if the person was there already, or if this
    was the undo.
    """

    user_id: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    undo_id: int | None = None


def propose(
    session: Session, actor_id: int, who: str, department: Address, now: datetime
) -> TransferProposal | Transferred:
    """Transfer a person, or prepare a question if they have courses from the department that they leave.

    `who` is an e-mail address, a login or a card number. Raises what `people.find` and `people.transfer` raise.
    """
    user_id = people.find(session, actor_id, who)
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user, to = _lock(session, actor, user_id, department)
    return _ask(session, actor, user, to, now) or _transfer(session, actor, user, to, now)


def ask(session: Session, actor_id: int, user_id: int, department: Address, now: datetime) -> TransferProposal | None:
    """Prepare the question about a transfer; None if nothing has to be asked. Nobody is transferred.

    Raises what `people.transfer` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    return _ask(session, actor, *_lock(session, actor, user_id, department), now)


def keep_courses(session: Session, actor_id: int, question_id: int, now: datetime) -> Transferred:
    """Transfer the person who was asked about; they keep the old department's courses.

    Raises QuestionClosed, PreviewOutdated if they or their courses have moved since, and what `people.transfer` raises.
    """
    actor, user, to, left = _asked(session, actor_id, question_id, now)
    done = _transfer(session, actor, user, to, now)
    return replace(done, kept=tuple(each.title for each in left))


def take_courses_back(session: Session, actor_id: int, question_id: int, now: datetime) -> Transferred:
    """Transfer the person who was asked about, and take the old department's courses back, with their progress.

    Raises what `keep_courses` raises.
    """
    actor, user, to, left = _asked(session, actor_id, question_id, now)
    removed = enrolments.remove(session, [each.course_id for each in left], [user.id])
    if {row.course_id: row.progress for row in removed} != {each.course_id: each.progress for each in left}:
        raise PreviewOutdated
    for each in left:
        losing = _learner(user, each.progress)
        enrolment_changes.record_taken_back(session, actor, [losing], each.title, now)
    done = _transfer(session, actor, user, to, now, removed=removed)
    return replace(done, taken=tuple(each.title for each in left))


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> Transferred:
    """Bring a person back, less than a minute after their transfer, with the courses as they were.

    Raises QuestionClosed, NothingToUndo and what `bring_back` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    body = enrolment_changes.answer_undo(session, actor, question_id, About.TRANSFER_UNDO, now)
    return bring_back(session, actor, body, profile_answers.read_moment(body["at"]), now)


def transfer_locked(
    session: Session, actor: Actor, user: User, to: int, now: datetime, *, removed: Sequence[StoredEnrolment] = ()
) -> tuple[Transferred, dict[str, Any]]:
    """Transfer a locked user to a locked department; return what was done, and what `bring_back` needs.

    The latter is empty if they were there already. `removed` are the courses that were taken back before.
    """
    left, had = user.department_id, courses.enrolled_in(session, user.id)
    before = departments.path(session, left)
    people.transfer(session, actor.user_id, user.id, to, now)
    if left == to:
        return Transferred(user_id=user.id, before=before, after=before), {}
    added = sorted(courses.enrolled_in(session, user.id) - had)
    done = Transferred(
        user_id=user.id,
        before=before,
        after=departments.path(session, to),
        added=tuple(courses.titles_of(session, added).values()),
    )
    return done, {
        "user_id": user.id,
        "from": left,
        "to": to,
        "added": added,
        "removed": [enrolment_changes.written(row) for row in removed],
    }


def bring_back(
    session: Session, actor: Actor, moved: Mapping[str, Any], moved_at: datetime, now: datetime
) -> Transferred:
    """Take a transfer back: the courses that it added go, but for what was started; those it took return.

    Raises DepartmentGone, PreviewOutdated if they have moved on since, and what `people.transfer` raises.
    """
    back_to = department_lookup.find_and_lock(session, actor, moved["from"])
    user = people.find_for_update(session, actor, moved["user_id"])
    if user.department_id != moved["to"]:
        raise PreviewOutdated
    before = departments.path(session, user.department_id)
    taken = enrolments.remove_given(session, moved["added"], [user.id], moved_at)
    returned = _return(session, actor, user, [enrolment_changes.read(row) for row in moved["removed"]], now)
    people.transfer(session, actor.user_id, user.id, back_to, now)
    return Transferred(
        user_id=user.id,
        before=before,
        after=departments.path(session, back_to),
        added=returned,
        taken=tuple(courses.titles_of(session, [course_id for _, course_id in taken]).values()),
    )


def _return(
    session: Session, actor: Actor, user: User, removed: Sequence[StoredEnrolment], now: datetime
) -> tuple[str, ...]:
    """Give courses back with their progress; return the titles of those that the user didn't get again meanwhile."""
    titles = courses.titles_of(session, [course_id for _, course_id in enrolments.add(session, removed)])
    for row in removed:
        if row.course_id in titles:
            who = _learner(user, Progress(row.progress))
            enrolment_changes.record_given(session, actor, [who], titles[row.course_id], now)
    return tuple(titles.values())


def _lock(session: Session, actor: Actor, user_id: int, department: Address) -> tuple[User, int]:
    """Lock a department and a person who is to belong to it; return the person and the department's number."""
    to = department_lookup.find_and_lock(session, actor, department)
    return people.find_for_update(session, actor, user_id), to


def _ask(session: Session, actor: Actor, user: User, to: int, now: datetime) -> TransferProposal | None:
    """Ask what becomes of the courses that a person has from the department that they leave, if there are any."""
    left = enrolments.left_behind(session, user.id, user.department_id, to)
    if not left:
        return None
    body = {"user_id": user.id, "from": user.department_id, "to": to, "courses": _shown(left)}
    return TransferProposal(
        question_id=questions.ask(session, actor.user_id, About.TRANSFER, body, now),
        user_id=user.id,
        name=user.full_name,
        before=departments.path(session, user.department_id),
        after=departments.path(session, to),
        courses=tuple(left),
    )


def _learner(user: User, progress: Progress) -> Learner:
    return Learner(user_id=user.id, name=user.full_name, department_id=user.department_id, progress=progress)


def _asked(
    session: Session, actor_id: int, question_id: int, now: datetime
) -> tuple[Actor, User, int, Sequence[LeftCourse]]:
    """Close the question; return the person, locked, their new department's number, and the courses in question."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    body = questions.answer(session, actor_id, question_id, About.TRANSFER, now)
    user, to = _lock(session, actor, body["user_id"], body["to"])
    left = enrolments.left_behind(session, user.id, body["from"], to)
    if user.department_id != body["from"] or _shown(left) != body["courses"]:
        raise PreviewOutdated
    return actor, user, to, left


def _transfer(
    session: Session, actor: Actor, user: User, to: int, now: datetime, *, removed: Sequence[StoredEnrolment] = ()
) -> Transferred:
    """Transfer a locked user, and keep what takes it back."""
    done, moved = transfer_locked(session, actor, user, to, now, removed=removed)
    if not moved:
        return done
    return replace(done, undo_id=enrolment_changes.ask_undo(session, actor, About.TRANSFER_UNDO, moved, now))


def _shown(left: Sequence[LeftCourse]) -> list[list[object]]:
    """Return what a question shows of courses, as it keeps it."""
    return [[each.course_id, each.progress] for each in left]
