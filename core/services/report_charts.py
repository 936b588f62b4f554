"""A report's sign-ups over time: each interval's, by the profiles with the most, for a picture."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.intervals import Intervals, intervals
from core.services import reports
from core.services.authorisation import authorise
from core.services.reports import ProfileCount, Report
from core.storage import account, activations, picture_themes
from core.storage.departments import within_scope

LARGEST = 5  # more colours than these can't be told apart


@dataclass(frozen=True, kw_only=True)
class Series:
    """A profile's sign-ups in each interval; `profile` is None for all the others together."""

    profile: ProfileCount | None
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A report and its sign-ups in each of the `intervals`, the largest profiles' first.

    `dark`: so the acting user wants their pictures.
    """

    organisation: str | None
    dark: bool
    report: Report
    intervals: Intervals
    series: tuple[Series, ...]


def chart(session: Session, actor_id: int, period: str, now: datetime) -> Chart:
    """Count the sign-ups of a typed period over time. Raises what `reports.sign_ups` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    report = reports.sign_ups(session, actor_id, period, now)
    divided = intervals(report.compared.period, report.zone)
    tallies = activations.tallies_by_interval(session, actor.scope, divided.bounds)
    in_scope = within_scope(session, actor.scope, {learners_in for _place, _profile, learners_in, _count in tallies})
    shown = [(place, number, count) for place, number, learners_in, count in tallies if learners_in in in_scope]
    largest = {each.profile_id: each for each in report.profiles[:LARGEST]}
    return Chart(
        organisation=account.load(session).name,
        dark=picture_themes.is_dark(session, actor_id),
        report=report,
        intervals=divided,
        series=stacked(shown, largest, len(divided.starts)),
    )


def stacked(
    shown: Iterable[tuple[int, int, int]], largest: Mapping[int, ProfileCount], places: int
) -> tuple[Series, ...]:
    """Stack counts, each with the place of its interval and its profile: the largest profiles, and the others."""
    counted = Counter[tuple[int | None, int]]()
    for place, profile_id, count in shown:
        counted[profile_id if profile_id in largest else None, place] += count
    series = [
        Series(profile=profile, counts=tuple(counted[number, place] for place in range(places)))
        for number, profile in (*largest.items(), (None, None))
    ]
    return tuple(each for each in series if any(each.counts))
