"""A report's learners and figures, for a file: those whom the report counts, as the history's export tells of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.services import audit_log, export, joined_people, reports, scope_subjects
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.export import Column
from core.services.joined_people import CourseColumn, Person
from core.services.reports import Report
from core.storage import activations

PAGE = 2000


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A report by all profiles and departments, and the columns of its people besides those that all have.

    `columns` are the account's own fields, `courses` those that most of the people have; `more_courses` have no column.
    """

    report: Report
    columns: tuple[Column, ...]
    courses: tuple[CourseColumn, ...]
    more_courses: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some learners, newest first; `older_than` is the next page's `before`, None on the last."""

    people: tuple[Person, ...]
    older_than: int | None


def begin(session: Session, actor_id: int, period: str, now: datetime) -> None:
    """Record the export of a typed period's report. Raises what `reports.sign_ups` raises.

    Each department that the actor manages has an entry: whoever reads its log learns that its people left.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = reports.period_of(session, period, now)
    after = {"start": found.since, "end": found.until}
    for subject in scope_subjects.each(session, actor):
        audit_log.record(session, actor_id, Action.REPORT_EXPORTED, subject, now, after=after)


def outline(session: Session, actor_id: int, period: str, now: datetime) -> Outline:
    """Describe the export of a typed period's report; call `begin` first. Raises what `reports.sign_ups` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    report = reports.sign_ups(session, actor_id, period, now, most=None)
    learners = activations.learners_during(actor.scope, report.compared.period)
    courses, more_courses = joined_people.course_columns(session, learners, report.shown)
    return Outline(
        report=report,
        columns=export.columns(session),
        courses=courses,
        more_courses=more_courses,
    )


def page(
    session: Session, actor_id: int, period: str, now: datetime, *, before: int | None = None, size: int = PAGE
) -> Page:
    """List the learners of a report, older than the activation `before` if given. Raises what `sign_ups` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    during = reports.period_of(session, period, now)
    found = activations.newest_during(session, actor.scope, during, before=before, size=size + 1)
    return Page(
        people=joined_people.described(session, found[:size], now),
        older_than=found[size - 1][0].id if len(found) > size else None,
    )
