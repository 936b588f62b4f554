"""A report's learners and figures, for a file: those whom the report counts, as the history's export tells of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.services import audit_log, export, joined_people, reports, scope_subjects
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.export import Column
from core.services.joined_people import MOST_PEOPLE, PAGE, CourseColumn, Page
from core.services.reports import Report
from core.storage import activations


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A report, and the columns of its people besides those that all have.

    `columns` are the account's own fields, `courses` those that most of the people have; `more_courses` have no column.
    """

    report: Report
    columns: tuple[Column, ...]
    courses: tuple[CourseColumn, ...]
    more_courses: int

    @property
    def is_too_long(self) -> bool:
        """Whether more people signed up than a file has room for."""
        return self.report.shown > MOST_PEOPLE


def begin(session: Session, actor_id: int, period: str, now: datetime) -> None:
    """Record the export of a typed period's report. Raises FileTooLong, and what `reports.sign_ups` raises.

    Each department that the actor manages has an entry: whoever reads its log learns that its people left.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = reports.period_of(session, period, now)
    joined_people.refuse_if_too_many(session, activations.learners_during(actor.scope, found))
    after = {"start": found.since, "end": found.until}
    for subject in scope_subjects.each(session, actor.scope):
        audit_log.record(session, actor_id, Action.REPORT_EXPORTED, subject, now, after=after)


def outline(session: Session, actor_id: int, period: str, now: datetime, *, figures: bool) -> Outline:
    """Describe the export of a typed period's report: with the `figures` of all profiles and departments, or none.

    Raises what `reports.sign_ups` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    report = reports.sign_ups(session, actor_id, period, now, most=None if figures else 0)
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
    """List the learners of a report, older than the activation `before` if given; call `begin` first.

    Raises what `reports.sign_ups` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    during = reports.period_of(session, period, now)
    found = activations.newest_during(session, actor.scope, during, before=before, size=size + 1)
    return joined_people.page(session, found, size, now)
