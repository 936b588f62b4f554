"""How far people are in their courses: those of a profile, of a department, all within scope, and one person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.files import refuse_if_too_long
from core.domain.naming import format_path
from core.domain.progress import Behind, Progress, is_overdue
from core.domain.tallies import Hidden
from core.errors import CourseGone, UserNotFound
from core.services import audit_log, department_lookup, history, roster_counts, scope_subjects, steps
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.services.steps import Steps
from core.storage import account, courses, departments, progress
from core.storage.people import visible
from core.storage.progress import CourseCounts, Which
from core.storage.tables import Enrolment, User

__all__ = ["CourseCounts", "Which"]

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Whose progress is looked at: a profile's learners, those of a department and below, or (neither) all in scope.

    `course_id`: of all in scope, those who have a course, and their progress in it alone.
    """

    profile_id: int | None = None
    department_id: int | None = None
    course_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A cohort's progress: the people whom the viewer may see, and how far they are in each course.

    `name` is the profile's or the course's, `path` the department's; both are empty for all within scope. `people`
    joined through the profile and weren't undone, or are active learners. `hidden` as in the history, None but for
    profiles. `roster` as on the card of the profile or the department. `steps`: None without courses, and for a single
    one.
    """

    cohort: Cohort
    name: str
    path: tuple[str, ...]
    people: int
    hidden: Hidden | None
    courses: tuple[CourseCounts, ...]
    behind: Behind
    steps: Steps | None
    roster: RosterCounts | None = None


@dataclass(frozen=True, kw_only=True)
class CourseOfPerson:
    """How far a person is in a course; moments are UTC, None where there is none or it was not recorded."""

    title: str
    progress: Progress
    enrolled_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class PersonProgress:
    """A person and some of their courses, or all."""

    user_id: int
    name: str
    email: str | None
    state: UserState
    department: tuple[str, ...]
    courses: tuple[CourseOfPerson, ...]


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Some of a cohort's people, in the order of their numbers; `last` is the next page's `after`, None on the last."""

    zone: ZoneInfo
    people: tuple[PersonProgress, ...]
    last: int | None


@dataclass(frozen=True, kw_only=True)
class People(Portion):
    """Some of a cohort's people, and how far all of them are."""

    overview: Overview


def courses_in_scope(session: Session, actor_id: int) -> list[tuple[int, str]]:
    """List the courses that people within scope have, by number and title: those that most have come first."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    return progress.courses_of(session, progress.people_within(actor.scope, None))


def overview(session: Session, actor_id: int, cohort: Cohort, now: datetime) -> Overview:
    """Count a cohort's progress by course. Raises ProfileNotFound, DepartmentGone.

    A profile needs the permission to manage profiles, as its history does; departments that to manage people.
    """
    return _overview(session, _authorised(session, actor_id, cohort), cohort, now)


def page(
    session: Session,
    actor_id: int,
    cohort: Cohort,
    which: Which,
    now: datetime,
    *,
    after: int = 0,
    size: int = PAGE,
) -> People:
    """List a cohort's people who have such enrolments (ALL: also without any), with these.

    Raises ProfileNotFound, DepartmentGone.
    """
    actor = _authorised(session, actor_id, cohort)
    found = _portion(session, actor, cohort, which, now, after=after, size=size)
    return People(
        overview=_overview(session, actor, cohort, now), zone=found.zone, people=found.people, last=found.last
    )


def begin_export(session: Session, actor_id: int, cohort: Cohort, now: datetime) -> None:
    """Record the export of a cohort's progress in the audit log: a row for each course of a person, or one for none.

    Raises ProfileNotFound, DepartmentGone, CourseGone, FileTooLong.
    """
    actor = _authorised(session, actor_id, cohort)
    subject = _subject(session, actor, cohort)
    refuse_if_too_long(progress.rows(session, _people(actor, cohort), cohort.course_id))
    audit_log.record(session, actor_id, Action.PROGRESS_EXPORTED, subject, now)


def exported(session: Session, actor_id: int, cohort: Cohort, now: datetime, *, after: int = 0, size: int) -> Portion:
    """List some of a cohort's people with all their courses; call `begin_export` first. Raises what it raises."""
    actor = _authorised(session, actor_id, cohort)
    _subject(session, actor, cohort)
    return _portion(session, actor, cohort, Which.ALL, now, after=after, size=size)


def of_person(session: Session, actor_id: int, user_id: int, now: datetime) -> PersonProgress:
    """Return a person's courses. Needs the permission to manage people; raises UserNotFound."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = visible(session, actor.scope, user_id)
    if user is None:
        raise UserNotFound(str(user_id))
    return _described(session, [user], Which.ALL, now)[0]


def chosen(session: Session, actor_id: int, cohort: Cohort) -> tuple[Select[int], Subject]:
    """Return a query for a cohort's people, and what an entry of the audit log is about.

    Raises ProfileNotFound, DepartmentGone.
    """
    actor = _authorised(session, actor_id, cohort)
    return _people(actor, cohort), _subject(session, actor, cohort)


def behind(session: Session, actor: Actor, cohort: Cohort, now: datetime) -> Behind:
    """Count who of a cohort is behind, as all screens do. Rights are not checked here."""
    not_started, overdue = progress.behind(session, _people(actor, cohort), now, cohort.course_id)
    return Behind(not_started=not_started, overdue=overdue)


def of_people(session: Session, user_ids: Collection[int], now: datetime) -> dict[int, dict[int, CourseOfPerson]]:
    """Return people's courses, by the numbers of people and courses. Rights are not checked here."""
    found = defaultdict[int, dict[int, CourseOfPerson]](dict)
    for enrolment, title in progress.enrolments(session, user_ids, Which.ALL, now):
        found[enrolment.user_id][enrolment.course_id] = _course(enrolment, title, now)
    return found


def _authorised(session: Session, actor_id: int, cohort: Cohort) -> Actor:
    if cohort.profile_id is not None:
        return authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return authorise(session, actor_id, Permission.MANAGE_PEOPLE)


def _people(actor: Actor, cohort: Cohort) -> Select[int]:
    if cohort.profile_id is not None:
        return progress.learners_of_profile(actor.scope, cohort.profile_id)
    if cohort.course_id is not None:
        return progress.people_with_course(actor.scope, cohort.course_id)
    return progress.learners_within(actor.scope, cohort.department_id)


def _overview(session: Session, actor: Actor, cohort: Cohort, now: datetime) -> Overview:
    subject, found = _subject(session, actor, cohort), _people(actor, cohort)
    seen = None if cohort.profile_id is None else history.seen(session, actor, cohort.profile_id)
    return Overview(
        cohort=cohort,
        name=subject.name if cohort.profile_id is not None or cohort.course_id is not None else "",
        path=() if cohort.department_id is None else departments.path(session, cohort.department_id),
        people=progress.count(session, found) if seen is None else seen.joined,
        hidden=None if seen is None else seen.hidden,
        courses=tuple(progress.by_course(session, found, now, cohort.course_id)),
        behind=behind(session, actor, cohort, now),
        steps=steps.of(session, found, now) if cohort.course_id is None else None,
        roster=_roster(session, actor, cohort),
    )


def _roster(session: Session, actor: Actor, cohort: Cohort) -> RosterCounts | None:
    if cohort.profile_id is not None:
        expected = roster_counts.if_editable(session, actor, cohort.profile_id)
        return expected.counts if expected else None
    if cohort.department_id is None or not actor.may(Permission.MANAGE_PROFILES):
        return None
    return roster_counts.in_branch(session, actor, cohort.department_id)


def _subject(session: Session, actor: Actor, cohort: Cohort) -> Subject:
    """Return what an entry of the audit log is about. Raises ProfileNotFound, DepartmentGone, CourseGone."""
    if cohort.profile_id is not None:
        return profile_services.subject(history.readable(session, actor, cohort.profile_id))
    if cohort.department_id is not None:
        number = department_lookup.find(session, actor, cohort.department_id)
        return Subject(number=number, name=format_path(departments.path(session, number)), department_id=number)
    managed = scope_subjects.of(session, actor)
    return managed if cohort.course_id is None else replace(managed, name=_title(session, actor, cohort.course_id))


def _title(session: Session, actor: Actor, course_id: int) -> str:
    """Return the title of a course that somebody within scope has. Raises CourseGone."""
    if not progress.anybody_has(session, actor.scope, course_id):
        raise CourseGone
    return courses.titles_of(session, [course_id])[course_id]


def _portion(
    session: Session, actor: Actor, cohort: Cohort, which: Which, now: datetime, *, after: int, size: int
) -> Portion:
    people = _people(actor, cohort)
    found = progress.page(session, people, which, now, after=after, size=size + 1, course_id=cohort.course_id)
    return Portion(
        zone=account.zone(session),
        people=_described(session, found[:size], which, now, cohort.course_id),
        last=found[size - 1].id if len(found) > size else None,
    )


def _described(
    session: Session, users: Sequence[User], which: Which, now: datetime, course_id: int | None = None
) -> tuple[PersonProgress, ...]:
    paths = departments.paths(session, {user.department_id for user in users})
    theirs = _courses(session, [user.id for user in users], which, now, course_id)
    return tuple(
        PersonProgress(
            user_id=user.id,
            name=user.full_name,
            email=user.email,
            state=UserState(user.state),
            department=paths[user.department_id],
            courses=tuple(theirs.get(user.id, ())),
        )
        for user in users
    )


def _courses(
    session: Session, user_ids: Iterable[int], which: Which, now: datetime, course_id: int | None
) -> dict[int, list[CourseOfPerson]]:
    found = defaultdict[int, list[CourseOfPerson]](list)
    for enrolment, title in progress.enrolments(session, user_ids, which, now, course_id):
        found[enrolment.user_id].append(_course(enrolment, title, now))
    return found


def _course(enrolment: Enrolment, title: str, now: datetime) -> CourseOfPerson:
    state = Progress(enrolment.progress)
    return CourseOfPerson(
        title=title,
        progress=state,
        enrolled_at=enrolment.enrolled_at,
        started_at=enrolment.started_at,
        completed_at=enrolment.completed_at,
        due_at=enrolment.due_at,
        overdue=is_overdue(state, enrolment.due_at, now),
    )
