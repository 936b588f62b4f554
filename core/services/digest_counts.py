"""What digests count besides the news: each count is read once by department, and summed up for each recipient."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.branches import Placed, Sums, SumsOfSeveral
from core.services.digest_audiences import Audience, Reader, places_of_profiles
from core.services.progress import Behind
from core.services.roster_counts import RosterCounts
from core.storage import activations, pending_sign_ups, progress, roster_arrivals, roster_profiles, rosters

Rosters = Mapping[int, RosterCounts]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The counts of one recipient, as `Overview` describes them."""

    shown_before: int | None
    roster: RosterCounts | None
    missing_in: int | None
    behind: Behind | None
    waiting: int


def counts(session: Session, audience: Audience, pointed: Iterable[tuple[int, int]]) -> list[Counts]:
    """Count for each recipient, by their rights. `pointed`: profiles, and their departments, once and now."""
    shown_before, rosters = _before(session, audience, pointed), _rosters(session, audience)
    behind, waiting = _behind(session, audience), _waiting(session, audience)
    return [
        _of_reader(each, before=shown_before(each), rosters=rosters(each), behind=behind(each), waiting=waiting(each))
        for each in audience.readers
    ]


def _of_reader(reader: Reader, *, before: int | None, rosters: Rosters, behind: Behind, waiting: int) -> Counts:
    manages = reader.actor.may(Permission.MANAGE_PROFILES)
    expecting = list(rosters.items()) if manages else []
    missing_in = [number for number, each in expecting if each.missing]
    return Counts(
        shown_before=before,
        roster=_total([each for _, each in expecting]) if expecting else None,
        missing_in=missing_in[0] if len(missing_in) == 1 else None,
        behind=behind if reader.actor.may(Permission.MANAGE_PEOPLE) else None,
        waiting=waiting if manages else 0,
    )


def _total(counted: Sequence[RosterCounts]) -> RosterCounts:
    return RosterCounts(
        expected=sum(each.expected for each in counted),
        came=sum(each.came for each in counted),
        hidden=sum(each.hidden for each in counted),
    )


def _before(session: Session, audience: Audience, pointed: Iterable[tuple[int, int]]) -> Callable[[Reader], int | None]:
    """Count the new learners in the period before, of the same length; None if there is none."""
    since, until = audience.interval.since, audience.interval.until
    if since is None:
        return lambda _: None
    by_profile = defaultdict[int, list[tuple[int, int]]](list)
    bounds = (since - (until - since), since)
    for _, profile_id, learners_in, count in activations.tallies_by_interval(session, audience.scope_of_times, bounds):
        by_profile[profile_id].append((audience.tree.place(learners_in), count))
    sums = {number: Sums(counted) for number, counted in by_profile.items()}
    placed = Placed(list(sums), places_of_profiles(audience, pointed))
    return lambda reader: sum(sums[number].within(reader.ranges) for number in placed.within(reader.ranges))


def _rosters(session: Session, audience: Audience) -> Callable[[Reader], Rosters]:
    """Count the rosters of the profiles within scope that have not ended."""
    if not audience.any_may(Permission.MANAGE_PROFILES):
        return lambda _: {}
    place, departments = (
        audience.tree.place,
        roster_profiles.unended(session, audience.reach, audience.interval.until),
    )
    expected = rosters.sizes(session, departments) if departments else {}
    by_profile = defaultdict[int, list[tuple[frozenset[int], int]]](list)
    for each in roster_arrivals.arrivals(session, expected) if expected else ():
        by_profile[each.profile_id].append((frozenset(map(place, each.departments)), each.count))
    came = {number: SumsOfSeveral(by_profile[number]) for number in expected}
    placed = Placed(list(expected), lambda number: [place(departments[number])])

    def of(reader: Reader) -> Rosters:
        return {
            number: RosterCounts(expected=expected[number], came=shown, hidden=came[number].total - shown)
            for number in placed.within(reader.ranges)
            for shown in [came[number].within(reader.ranges)]
        }

    return of


def _behind(session: Session, audience: Audience) -> Callable[[Reader], Behind]:
    rows = (
        progress.behind_by_department(session, audience.reach, audience.interval.until)
        if audience.any_may(Permission.MANAGE_PEOPLE)
        else []
    )
    not_started = Sums((audience.tree.place(number), count) for number, count, _ in rows)
    overdue = Sums((audience.tree.place(number), count) for number, _, count in rows)
    return lambda reader: Behind(not_started=not_started.within(reader.ranges), overdue=overdue.within(reader.ranges))


def _waiting(session: Session, audience: Audience) -> Callable[[Reader], int]:
    """Count the sign-ups that wait for approval."""
    rows = (
        pending_sign_ups.awaiting_by_department(session, audience.reach, audience.interval.until)
        if audience.any_may(Permission.MANAGE_PROFILES)
        else []
    )
    sums = Sums((audience.tree.place(number), count) for number, count in rows)
    return lambda reader: sums.within(reader.ranges)
