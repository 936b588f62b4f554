"""What digests count besides the news: each count is read once by department, and summed up for each recipient."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Scope
from core.domain.branches import Placed, Sums, SumsOfSeveral
from core.domain.periods import is_compared
from core.domain.progress import Behind
from core.domain.rosters import RosterOf
from core.services.digest_audiences import Audience, Reader, places_of_profiles
from core.services.roster_counts import RosterCounts, total
from core.storage import (
    access_requests,
    activations,
    pending_sign_ups,
    progress,
    roster_arrivals,
    roster_overlaps,
    roster_profiles,
    rosters,
)

NO_PROFILE = 0  # stands for the profile of a department's roster

Rosters = Mapping[RosterOf, RosterCounts]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The counts of one recipient, as `Overview` describes them.

    `not_started` counts those of each profile (None: of the departments) who haven't; without those that have none.
    """

    shown_before: int | None
    roster: RosterCounts | None
    missing_in: RosterOf | None
    behind: Behind | None
    not_started: Mapping[int | None, int]
    waiting: int
    requests: int


def counts(session: Session, audience: Audience, pointed: Iterable[tuple[int, int]]) -> list[Counts]:
    """Count for each recipient, by their rights. `pointed`: profiles, and their departments, once and now."""
    shown_before, rosters = _before(session, audience, pointed), _rosters(session, audience)
    behind, not_started = _behind(session, audience)
    waiting = _waiting(session, audience, pending_sign_ups.awaiting_by_profile)
    requests = _waiting(session, audience, access_requests.open_by_profile)
    return [
        _of_reader(
            each,
            before=shown_before(each),
            rosters=rosters(each),
            behind=behind(each),
            not_started=not_started(each),
            waiting=(waiting(each), requests(each)),
        )
        for each in audience.readers
    ]


def _of_reader(
    reader: Reader,
    *,
    before: int | None,
    rosters: Rosters,
    behind: Behind,
    not_started: Mapping[int | None, int],
    waiting: tuple[int, int],
) -> Counts:
    manages = reader.actor.may(Permission.MANAGE_PROFILES)
    expecting = list(rosters.items()) if manages else []
    missing_in = [of for of, each in expecting if each.missing]
    return Counts(
        shown_before=before,
        roster=total(each for _, each in expecting) if expecting else None,
        missing_in=missing_in[0] if len(missing_in) == 1 else None,
        behind=behind if reader.actor.may(Permission.MANAGE_PEOPLE) else None,
        not_started=not_started if reader.actor.may(Permission.MANAGE_PEOPLE) else {},
        waiting=waiting[0] if manages else 0,
        requests=waiting[1] if manages else 0,
    )


def _before(session: Session, audience: Audience, pointed: Iterable[tuple[int, int]]) -> Callable[[Reader], int | None]:
    """Count who joined in the period before, of the same length, and wasn't undone; None if that would tell nothing."""
    since, until = audience.interval.since, audience.interval.until
    if since is None or not is_compared(since, until):
        return lambda _: None
    by_profile = defaultdict[int, list[tuple[int, int]]](list)
    bounds = (since - (until - since), since)
    for _, profile_id, learners_in, count in activations.tallies_by_interval(session, audience.scope_of_times, bounds):
        by_profile[profile_id].append((audience.tree.place(learners_in), count))
    if not by_profile:
        return lambda _: 0
    sums = {number: Sums(counted) for number, counted in by_profile.items()}
    placed = Placed(list(sums), places_of_profiles(audience, pointed))
    return lambda reader: sum(sums[number].within(reader.ranges) for number in reader.of(placed, int))


def _rosters(session: Session, audience: Audience) -> Callable[[Reader], Rosters]:
    """Count the rosters of the departments within scope, and of their profiles that have not ended.

    Whom a list further down expects, too, is counted once, there. A digest about profiles has only their rosters.
    """
    if not audience.any_may(Permission.MANAGE_PROFILES):
        return lambda _: {}
    place, until = audience.tree.place, audience.interval.until
    departments, besides = roster_profiles.unended(session, audience.reach, until), roster_overlaps.unended(until)
    expected = rosters.sizes(session, departments, besides=besides) if departments else {}
    if not expected:
        return lambda _: {}
    by_roster = defaultdict[RosterOf, list[tuple[frozenset[int], int]]](list)
    for each in roster_arrivals.arrivals(session, expected, besides):
        by_roster[each.of].append((frozenset(map(place, each.departments)), each.count))
    came = {of: SumsOfSeveral(by_roster[of]) for of in expected}
    placed = Placed(list(expected), lambda of: [place(departments[of])])

    def of_reader(reader: Reader) -> Rosters:
        return {
            of: RosterCounts(expected=expected[of], came=shown, hidden=came[of].total - shown)
            for of in reader.of(placed, lambda each: each.profile_id or NO_PROFILE)
            for shown in [came[of].within(reader.ranges)]
        }

    return of_reader


def _behind(
    session: Session, audience: Audience
) -> tuple[Callable[[Reader], Behind], Callable[[Reader], Mapping[int | None, int]]]:
    """Count who is behind: of the people of departments, or of those who came through the profiles of a digest.

    Return the counts of all of them, and how many have not started by profile (None: of departments).
    """
    by_profile = defaultdict[int | None, list[tuple[int, int, int]]](list)
    if audience.any_may(Permission.MANAGE_PEOPLE):
        for number, *counted in _behind_rows(session, audience):
            by_profile[number].append((audience.tree.place(counted[0]), counted[1], counted[2]))
    not_started = {number: Sums((place, count) for place, count, _ in rows) for number, rows in by_profile.items()}
    overdue = {number: Sums((place, count) for place, _, count in rows) for number, rows in by_profile.items()}

    def within(reader: Reader, sums: Mapping[int | None, Sums]) -> Mapping[int | None, int]:
        numbers = sorted(sums.keys() & (reader.profiles or {None}), key=lambda number: number or NO_PROFILE)
        counted = {number: sums[number].within(reader.ranges) for number in numbers}
        return {number: count for number, count in counted.items() if count}

    def of(reader: Reader) -> Behind:
        return Behind(
            not_started=sum(within(reader, not_started).values()), overdue=sum(within(reader, overdue).values())
        )

    return of, lambda reader: within(reader, not_started)


def _behind_rows(session: Session, audience: Audience) -> Iterator[tuple[int | None, int, int, int]]:
    """Count who is behind by department (profile None), and by profile and department for digests about profiles."""
    now = audience.interval.until
    if not all(reader.profiles for reader in audience.readers):
        yield from ((None, *row) for row in progress.behind_by_department(session, audience.reach, now))
    if audience.profiles:
        yield from progress.behind_by_profile(session, audience.profiles, now)


def _waiting(
    session: Session, audience: Audience, counted: Callable[[Session, Scope, datetime], Sequence[tuple[int, int, int]]]
) -> Callable[[Reader], int]:
    """Count who waits for an answer; `counted` gives profiles, their departments, and counts."""
    rows = (
        counted(session, audience.reach, audience.interval.until)
        if audience.any_may(Permission.MANAGE_PROFILES)
        else []
    )
    if not rows:
        return lambda _: 0
    placed = Placed(rows, lambda row: [audience.tree.place(row[1])])
    return lambda reader: sum(count for _, _, count in reader.of(placed, lambda row: row[0]))
