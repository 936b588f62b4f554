"""What digests say of expected people: how many are missing, and which links have ended without some of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.branches import Placed, SumsOfSeveral
from core.domain.rosters import RosterOf
from core.services.digest_audiences import Audience, Interval, Reader
from core.services.roster_counts import RosterCounts, total
from core.storage import roster_arrivals, roster_overlaps, roster_profiles, rosters
from core.storage.roster_profiles import Home

NO_PROFILE = 0  # stands for the profile of a department's roster
NAMED_AFTER_END = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a recipient is told of the rosters within scope.

    `roster` sums them up, None if there are none; `missing_in` is the only one with missing people, None if there are
    several. `after_end` of the missing are expected through profiles that have ended; of these, `ended` has those that
    digests name by their numbers, each with how many it misses, the last end first.
    """

    roster: RosterCounts | None = None
    missing_in: RosterOf | None = None
    after_end: int = 0
    ended: Mapping[int, int] = field(default_factory=dict)


NOBODY_EXPECTED = Expected()


def expected(session: Session, audience: Audience) -> Callable[[Reader], Expected]:
    """Count the rosters of the departments within scope, and of their profiles, as long as they are kept.

    Whom a list further down expects, too, is counted once, there. A digest about profiles has only their rosters.
    """
    homes = roster_profiles.kept(session, audience.reach) if audience.any_may(Permission.MANAGE_PROFILES) else {}
    sizes = rosters.sizes(session, homes, besides=roster_overlaps.EVER) if homes else {}
    if not sizes:
        return lambda _: NOBODY_EXPECTED
    place = audience.tree.place
    by_roster = defaultdict[RosterOf, list[tuple[frozenset[int], int]]](list)
    for each in roster_arrivals.arrivals(session, sizes, roster_overlaps.EVER):
        by_roster[each.of].append((frozenset(map(place, each.departments)), each.count))
    came = {of: SumsOfSeveral(by_roster[of]) for of in sizes}
    placed = Placed(list(sizes), lambda of: [place(homes[of].department_id)])

    def of_reader(reader: Reader) -> Expected:
        if not reader.actor.may(Permission.MANAGE_PROFILES):
            return NOBODY_EXPECTED
        found = {
            of: RosterCounts(expected=sizes[of], came=shown, hidden=came[of].total - shown)
            for of in reader.of(placed, lambda each: each.profile_id or NO_PROFILE)
            for shown in [came[of].within(reader.ranges)]
        }
        return _told(found, homes, audience.interval) if found else NOBODY_EXPECTED

    return of_reader


def _told(found: Mapping[RosterOf, RosterCounts], homes: Mapping[RosterOf, Home], interval: Interval) -> Expected:
    missing = {of: each.missing for of, each in found.items() if each.missing}
    ends = {of: at for of in missing if (at := homes[of].ends_at) and at < interval.until}
    recent = sorted((of for of in ends if _is_news(ends[of], interval)), key=lambda of: ends[of], reverse=True)
    return Expected(
        roster=total(found.values()),
        missing_in=next(iter(missing)) if len(missing) == 1 else None,
        after_end=sum(missing[of] for of in ends),
        ended={of.profile_id: missing[of] for of in recent if of.profile_id},
    )


def _is_news(ended_at: datetime, interval: Interval) -> bool:
    """Return whether a digest names what has ended then: for a week, and whenever it ended since the digest before."""
    since = interval.since
    return since is None or ended_at >= min(since, interval.until - NAMED_AFTER_END)
