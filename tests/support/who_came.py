"""Who came and wasn't undone, as every screen, picture and spreadsheet counts them: numbers that have to agree."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from core.services import (
    digest_charts,
    digest_spreadsheets,
    export,
    history,
    progress,
    report_charts,
    report_exports,
    reports,
)
from core.services.joined_people import Page
from core.services.progress import Cohort
from core.services.report_charts import Series

ALL = 10**6


def through_profiles(session: Session, actor_id: int, profile_ids: Iterable[int], now: datetime) -> dict[str, int]:
    """Count who came through profiles that somebody may read, in each of the ways to ask that."""
    numbers = list(profile_ids)
    pages = [history.page(session, actor_id, number, size=ALL) for number in numbers]
    files = [export.page(session, actor_id, number, size=ALL) for number in numbers]
    cohorts = [Cohort(profile_id=number) for number in numbers]
    return {
        "histories": sum(page.joined for page in pages),
        "their rows": sum(not entry.undone for page in pages for entry in page.entries),
        "files of histories": sum(page.joined for page in files),
        "their rows without a mark": sum(not row.undone for page in files for row in page.rows),
        "progress": sum(progress.overview(session, actor_id, cohort, now).people for cohort in cohorts),
    }


def in_period(session: Session, actor_id: int, period: str, now: datetime) -> dict[str, int]:
    """Count who came in a typed period, in each of the ways to ask that."""
    report = reports.sign_ups(session, actor_id, period, now, most=None)
    return {
        "report": report.joined,
        "by profile": sum(each.joined for each in report.profiles),
        "by department": sum(each.joined for each in report.departments),
        "picture of the report": _drawn(report_charts.chart(session, actor_id, period, now).series),
        "file of the report": _unmarked(report_exports.page(session, actor_id, period, now, size=ALL)),
    }


def in_digest(session: Session, recipient_id: int, run_id: int, now: datetime) -> dict[str, int]:
    """Count who came by a digest that was sent, in all of its forms; empty if nobody did."""
    outline = digest_spreadsheets.outline(session, recipient_id, run_id)
    if outline is None:
        return {}
    drawn = digest_charts.chart(session, recipient_id, run_id)
    return {
        "digest": outline.summary.joined,
        "picture of the digest": _drawn(drawn.series) if drawn else 0,
        "profiles of its spreadsheet": sum(each.joined for each in outline.profiles),
        "rows of its spreadsheet": _unmarked(digest_spreadsheets.page(session, recipient_id, run_id, now, size=ALL)),
    }


def _drawn(series: Iterable[Series]) -> int:
    return sum(sum(each.counts) for each in series)


def _unmarked(page: Page) -> int:
    return sum(not each.row.undone for each in page.people)
