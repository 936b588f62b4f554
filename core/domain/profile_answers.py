"""Answers of the form for sign-up profiles, as a dialogue keeps them: numbers and moments in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.windows import check_aware, end_of_day, months_later

NAME, DEPARTMENT, STARTS, ENDS, LIMIT = "name", "department", "starts", "ends", "limit"

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Span:
    """How long a link stays open, in whole days or months of the account's calendar."""

    weeks: int = 0
    months: int = 0


SPANS = (Span(weeks=1), Span(weeks=2), Span(months=1), Span(months=3))
USUAL = Span(weeks=2)
PLACES = (10, 50, 100)
USUAL_PLACES = 50


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A form's answers. `name` None: made of department and day; `starts_at` None: when it is created.

    `limit` None is unlimited.
    """

    name: str | None
    department_id: int | None
    starts_at: datetime | None
    ends_at: datetime
    limit: int | None


def usual(now: datetime, zone: ZoneInfo, department_id: int | None) -> dict[str, Any]:
    """Return the answers with which the form of a new profile begins."""
    chosen = {} if department_id is None else {DEPARTMENT: department_id}
    return {**chosen, ENDS: written(end_after(now, zone, USUAL)), LIMIT: USUAL_PLACES}


def fill(answers: Answers) -> Filled:
    """Return what the answers say; there is always an end among them."""
    starts = answers.get(STARTS)
    return Filled(
        name=answers.get(NAME),
        department_id=answers.get(DEPARTMENT),
        starts_at=read_moment(starts) if starts else None,
        ends_at=read_moment(answers[ENDS]),
        limit=answers.get(LIMIT),
    )


def written(moment: datetime) -> str:
    """Write a moment (aware) as answers keep it."""
    return check_aware(moment).isoformat()


def read_moment(text: str) -> datetime:
    """Read a moment that `written` wrote (UTC)."""
    return check_aware(datetime.fromisoformat(text))


def day_after(since: datetime, zone: ZoneInfo, span: Span) -> date:
    """Return the day on the zone's calendar that is a span after a moment's day."""
    wall = since.astimezone(zone).replace(tzinfo=None)
    return (months_later(wall, span.months) + timedelta(weeks=span.weeks)).date()


def end_after(since: datetime, zone: ZoneInfo, span: Span) -> datetime:
    """Return the last second (UTC) of the day that is a span after a moment's day."""
    return end_of_day(day_after(since, zone, span), zone)


def counted_from(filled: Filled, now: datetime) -> datetime:
    """Return the moment from which a span counts: the start, if it is yet to come."""
    return max(filled.starts_at or now, now)


def span_of(filled: Filled, now: datetime, zone: ZoneInfo) -> Span | None:
    """Return the usual span that lies between the start and the end, if any."""
    since = counted_from(filled, now)
    return next((span for span in SPANS if end_after(since, zone, span) == filled.ends_at), None)


def with_start(answers: Answers, starts_at: datetime | None, now: datetime, zone: ZoneInfo) -> Answers:
    """Return the answers with another start. A usual span stays as long as it was; an end that passed moves along."""
    before = fill(answers)
    span = span_of(before, now, zone)
    since = starts_at or now
    if span is None and before.ends_at <= since:
        span = USUAL
    moved = {} if span is None else {ENDS: written(end_after(since, zone, span))}
    return {**answers, STARTS: written(starts_at) if starts_at else None, **moved}
