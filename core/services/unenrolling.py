"""A course taken back from people by name, at once or after a question, and the undo of that.

With the enrolment goes the progress: so it is asked about, unless one person is concerned who hasn't started, and the
undo brings it back as it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.progress import Progress
from core.errors import Conflict, CourseGone, PreviewOutdated
from core.services import courses, enrolment_changes, people_lookup, questions
from core.services.enrolment_changes import EnrolmentChange, Learner, Proposal
from core.services.questions import About
from core.storage import enrolments
from core.storage.tables import Course


def propose(session: Session, actor_id: int, who: str, title: str, now: datetime) -> Proposal | EnrolmentChange:
    """Take a course back from the one person that `who` names, or prepare a question if it concerns more.

    `who` are e-mail addresses, logins and card numbers between commas. An archived course can be taken back, too.
    Raises UserNotFound, WaitsForApproval, CourseNotFound.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    course = courses.find(session, title)
    return _propose(session, actor, course, people_lookup.find_several(session, actor, who), now)


def propose_one(
    session: Session, actor_id: int, user_id: int, course_id: int, now: datetime
) -> Proposal | EnrolmentChange:
    """Take a course back from a user, or prepare a question if they have started it.

    Raises UserNotFound, CourseGone.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    proposed = _propose(session, actor, _course(session, course_id), [user_id], now)
    enrolment_changes.the_one(proposed.people + proposed.others, user_id)
    return proposed


def ask(session: Session, actor_id: int, user_ids: Collection[int], course_id: int, now: datetime) -> Proposal | None:
    """Prepare the question about taking a course back from people; None if nobody within scope has it.

    Nobody loses it. Raises CourseGone.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    course = _course(session, course_id)
    return _ask(session, actor, course, enrolment_changes.learners(session, actor, course.id, user_ids), now)


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> EnrolmentChange:
    """Take the course back from the people who were asked about.

    Raises QuestionClosed, and PreviewOutdated if the progress that would be lost is not the one that was shown.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    body = questions.answer(session, actor_id, question_id, About.UNENROLMENT, now)
    course, shown = _course(session, body["course_id"]), dict(body["people"])
    found = enrolment_changes.learners(session, actor, course.id, [*shown, *body["others"]])
    taken = _take(session, actor, course, found, now)
    if {each.user_id: each.progress for each in taken.people} != shown:
        raise PreviewOutdated
    return taken


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> EnrolmentChange:
    """Give the course back, less than UNDO after it was taken, with the progress and the due date as they were.

    The change names those who got it back as `people`. Raises QuestionClosed, NothingToUndo.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    body = enrolment_changes.answer_undo(session, actor, question_id, About.UNENROLMENT_UNDO, now)
    course, rows = _course(session, body["course_id"]), map(enrolment_changes.read, body["enrolments"])
    kept = {row.user_id: row for row in rows}
    found = enrolment_changes.learners(session, actor, course.id, kept)
    given = {user_id for user_id, _ in enrolments.add(session, [kept[each.user_id] for each in found])}
    returned = tuple(
        replace(each, progress=Progress(kept[each.user_id].progress)) for each in found if each.user_id in given
    )
    enrolment_changes.record_given(session, actor, returned, course.title, now)
    others = tuple(each for each in found if each.user_id not in given)
    return EnrolmentChange(course_id=course.id, title=course.title, people=returned, others=others)


def _course(session: Session, course_id: int) -> Course:
    course = session.get(Course, course_id)
    if course is None:
        raise CourseGone
    return course


def _propose(
    session: Session, actor: Actor, course: Course, user_ids: Collection[int], now: datetime
) -> Proposal | EnrolmentChange:
    found = enrolment_changes.learners(session, actor, course.id, user_ids)
    if len(found) == 1 and found[0].progress is Progress.NOT_STARTED:
        return _take_unstarted(session, actor, course, found, now)
    nothing = EnrolmentChange(course_id=course.id, title=course.title, people=(), others=found)
    return _ask(session, actor, course, found, now) or nothing


def _ask(session: Session, actor: Actor, course: Course, found: Sequence[Learner], now: datetime) -> Proposal | None:
    losing = tuple(each for each in found if each.progress is not None)
    others = tuple(each for each in found if each.progress is None)
    if not losing:
        return None
    body = {
        "course_id": course.id,
        "people": [(each.user_id, each.progress) for each in losing],
        "others": [each.user_id for each in others],
    }
    return Proposal(
        question_id=questions.ask(session, actor.user_id, About.UNENROLMENT, body, now),
        course_id=course.id,
        title=course.title,
        people=losing,
        others=others,
    )


def _take_unstarted(
    session: Session, actor: Actor, course: Course, found: Sequence[Learner], now: datetime
) -> EnrolmentChange:
    """Take a course back from a person who hasn't started. Raises Conflict if they did so just now: that is asked."""
    taken = _take(session, actor, course, found, now)
    if taken.people != tuple(found):
        raise Conflict
    return taken


def _take(session: Session, actor: Actor, course: Course, found: Sequence[Learner], now: datetime) -> EnrolmentChange:
    """Take a course back from people within scope, whatever their progress: what the table held of it decides."""
    removed = enrolments.remove(session, [course.id], [each.user_id for each in found])
    progress = {row.user_id: Progress(row.progress) for row in removed}
    losing = tuple(replace(each, progress=progress[each.user_id]) for each in found if each.user_id in progress)
    enrolment_changes.record_taken_back(session, actor, losing, course.title, now)
    body = {"course_id": course.id, "enrolments": [enrolment_changes.written(row) for row in removed]}
    undoing = About.UNENROLMENT_UNDO
    return EnrolmentChange(
        course_id=course.id,
        title=course.title,
        people=losing,
        others=tuple(each for each in found if each.user_id not in progress),
        undo_id=enrolment_changes.ask_undo(session, actor, undoing, body, now) if losing else None,
    )
