"""Everything about one course, for users who manage courses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import CourseGone
from core.services import courses
from core.services.authorisation import authorise
from core.services.courses import CourseCard
from core.storage import courses as stored
from core.storage import departments, enrolments
from core.storage.enrolments import Counts
from core.storage.tables import Course


@dataclass(frozen=True, kw_only=True)
class CourseDetails:
    """A course, the departments whose rules give it, and how many people have it, both within the viewer's scope.

    `may_change` decides what is offered, use cases check again.
    """

    card: CourseCard
    departments: tuple[tuple[str, ...], ...]
    counts: Counts
    may_change: bool


def show(session: Session, actor_id: int, course_id: int, now: datetime) -> CourseDetails:
    """Return everything about a course. Needs the permission to manage courses; raises CourseGone."""
    actor = authorise(session, actor_id, Permission.MANAGE_COURSES)
    course = session.get(Course, course_id)
    if course is None:
        raise CourseGone
    return of(session, actor, course, now)


def of(session: Session, actor: Actor, course: Course, now: datetime) -> CourseDetails:
    """Return everything about a course that an actor sees. Rights are not checked here."""
    giving = departments.paths(session, stored.departments_giving(session, actor.scope, course.id))
    return CourseDetails(
        card=courses.card(course),
        departments=tuple(sorted(giving.values())),
        counts=enrolments.counts(session, actor.scope, course.id, now),
        may_change=not stored.is_given_outside(session, actor.scope, course.id),
    )
