"""A course given to people by name, at once or after a question, and the undo of that."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor
from core.domain.progress import Progress
from core.errors import CourseGone, PreviewOutdated
from core.services import courses, enrolment_changes, people_lookup, questions
from core.services.enrolment_changes import EnrolmentChange, Learner, Proposal
from core.services.questions import About
from core.storage import account, enrolments
from core.storage import courses as stored
from core.storage.enrolments import StoredEnrolment
from core.storage.tables import Course


def propose(session: Session, actor_id: int, who: str, title: str, now: datetime) -> Proposal | EnrolmentChange:
    """Give a course to the one person that `who` names, or prepare a question about giving it to several.

    `who` are e-mail addresses, logins and card numbers between commas. Raises UserNotFound, WaitsForApproval,
    CourseNotFound, CourseArchived.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    course = courses.find(session, title)
    courses.require_offered(course)
    user_ids = people_lookup.find_several(session, actor, who)
    if len(user_ids) == 1:
        return give(session, actor_id, user_ids[0], course.id, now)
    found = enrolment_changes.learners(session, actor, course.id, user_ids)
    nothing = EnrolmentChange(course_id=course.id, title=course.title, people=(), others=found)
    return _ask(session, actor, course, found, now) or nothing


def ask(session: Session, actor_id: int, user_ids: Collection[int], course_id: int, now: datetime) -> Proposal | None:
    """Prepare the question about giving a course to people; None if all within scope have it. Nobody gets it.

    Raises CourseGone, CourseArchived.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    course = _lock(session, course_id)
    courses.require_offered(course)
    return _ask(session, actor, course, enrolment_changes.learners(session, actor, course.id, user_ids), now)


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> EnrolmentChange:
    """Give the course to the people who were asked about.

    Raises QuestionClosed, CourseArchived, and PreviewOutdated if others would get it.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    body = questions.answer(session, actor_id, question_id, About.ENROLMENT, now)
    given = _give(session, actor, _lock(session, body["course_id"]), [*body["people"], *body["others"]], now)
    if [each.user_id for each in given.people] != sorted(body["people"]):
        raise PreviewOutdated
    return given


def give(session: Session, actor_id: int, user_id: int, course_id: int, now: datetime) -> EnrolmentChange:
    """Give a course to a user; nothing changes if they have it. Raises UserNotFound, CourseGone, CourseArchived."""
    actor = enrolment_changes.authorised(session, actor_id)
    given = _give(session, actor, _lock(session, course_id), [user_id], now)
    enrolment_changes.the_one(given.people + given.others, user_id)
    return given


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> EnrolmentChange:
    """Take the course back, less than UNDO after it was given, from those who haven't started it.

    The change names these as `people`, and the others still have it. Raises QuestionClosed, NothingToUndo.
    """
    actor = enrolment_changes.authorised(session, actor_id)
    body = enrolment_changes.answer_undo(session, actor, question_id, About.ENROLMENT_UNDO, now)
    course = _lock(session, body["course_id"])
    found = enrolment_changes.learners(session, actor, course.id, body["people"])
    given_at = profile_answers.read_moment(body["at"])
    removed = enrolments.remove_given(session, [course.id], [each.user_id for each in found], given_at)
    taken = {user_id for user_id, _ in removed}
    losing = tuple(each for each in found if each.user_id in taken)
    enrolment_changes.record_taken_back(session, actor, losing, course.title, now)
    keeping = tuple(each for each in found if each.user_id not in taken and each.progress is not None)
    return EnrolmentChange(course_id=course.id, title=course.title, people=losing, others=keeping)


def _lock(session: Session, course_id: int) -> Course:
    """Lock a course, so that it isn't archived meanwhile. Raises CourseGone."""
    course = stored.lock(session, course_id)
    if course is None:
        raise CourseGone
    return course


def _ask(session: Session, actor: Actor, course: Course, found: Sequence[Learner], now: datetime) -> Proposal | None:
    getting = tuple(each for each in found if each.progress is None)
    having = tuple(each for each in found if each.progress is not None)
    if not getting:
        return None
    body = {
        "course_id": course.id,
        "people": [each.user_id for each in getting],
        "others": [each.user_id for each in having],
    }
    return Proposal(
        question_id=questions.ask(session, actor.user_id, About.ENROLMENT, body, now),
        course_id=course.id,
        title=course.title,
        people=getting,
        others=having,
    )


def _give(session: Session, actor: Actor, course: Course, user_ids: Collection[int], now: datetime) -> EnrolmentChange:
    """Give a locked course to those of the users within scope who don't have it. It is due as if they joined now."""
    courses.require_offered(course)
    found = enrolment_changes.learners(session, actor, course.id, user_ids)
    due_at = courses.due_at(course.days, account.zone(session), now)
    added = enrolments.add(session, [_new(each.user_id, course, now, due_at) for each in found if not each.progress])
    given = {user_id for user_id, _ in added}
    getting = tuple(each for each in found if each.user_id in given)
    enrolment_changes.record_given(session, actor, getting, course.title, now)
    body = {"course_id": course.id, "people": [each.user_id for each in getting]}
    undoing = About.ENROLMENT_UNDO
    return EnrolmentChange(
        course_id=course.id,
        title=course.title,
        people=getting,
        others=tuple(each for each in found if each.user_id not in given),
        due_at=due_at,
        undo_id=enrolment_changes.ask_undo(session, actor, undoing, body, now) if getting else None,
    )


def _new(user_id: int, course: Course, now: datetime, due_at: datetime | None) -> StoredEnrolment:
    return StoredEnrolment(
        user_id=user_id, course_id=course.id, progress=Progress.NOT_STARTED, enrolled_at=now, due_at=due_at
    )
