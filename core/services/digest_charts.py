"""A digest's new learners over time, for a picture: those who joined and weren't undone, as its text says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.intervals import Intervals, intervals
from core.domain.periods import Period
from core.services import digest_summaries
from core.services.digest_audiences import Audience
from core.services.digest_summaries import Asked, Summary
from core.services.report_charts import LARGEST, Series, stacked
from core.services.reports import ProfileCount
from core.storage import account, activations, picture_themes, profiles


@dataclass(frozen=True, kw_only=True)
class DigestChart:
    """A digest and its new learners in each of the `intervals`, the largest profiles' first.

    `dark`: so its recipient wants their pictures.
    """

    organisation: str | None
    dark: bool
    summary: Summary
    intervals: Intervals
    series: tuple[Series, ...]


def chart(session: Session, recipient_id: int, run_id: int) -> DigestChart | None:
    """Count a digest's new learners over time, by its recipient's rights now; None if nobody joined or all were undone.

    Raises NotAllowed, DigestGone.
    """
    audience = digest_summaries.own_audience(session, Asked(recipient_id=recipient_id, run_id=run_id))
    [summary] = digest_summaries.compose(session, audience)
    if not summary.joined:
        return None
    divided = intervals(_period(session, audience), summary.zone)
    covered = {"after": audience.interval.after, "through": audience.interval.through}
    counted = activations.tallies_between_by_interval(session, audience.reach, divided.bounds, **covered)
    told = [(place, number, count) for place, number, at, count in counted if audience.tells(number, at)]
    return DigestChart(
        organisation=account.load(session).name,
        dark=picture_themes.is_dark(session, recipient_id),
        summary=summary,
        intervals=divided,
        series=stacked(told, _largest(session, told), len(divided.starts)),
    )


def _period(session: Session, audience: Audience) -> Period:
    """Return the time that a digest covers; a first one begins with its first learner."""
    since = audience.interval.since or _first_moment(session, audience)
    return Period(since=since, until=audience.interval.until)


def _first_moment(session: Session, audience: Audience) -> datetime:
    interval = audience.interval
    tallies = activations.tallies_between(session, audience.reach, after=interval.after, through=interval.through)
    first = min(tally.first for tally in tallies if audience.tells(tally.profile_id, tally.learners_in))
    return activations.moment_of(session, first)


def _largest(session: Session, told: Sequence[tuple[int, int, int]]) -> dict[int, ProfileCount]:
    """Return the profiles with the most learners, the largest first; equal ones by number."""
    totals = Counter[int]()
    for _, number, count in told:
        totals[number] += count
    largest = dict(sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:LARGEST])
    found = {profile.id: profile for profile in profiles.by_numbers(session, largest)}
    return {
        number: ProfileCount(
            profile_id=number,
            name=found[number].name,
            removed=found[number].removed_at is not None,
            joined=joined,
        )
        for number, joined in largest.items()
    }
