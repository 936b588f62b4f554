"""What digests count besides the news: each count is read once by department, and summed up for each recipient."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission, Scope
from core.domain.branches import Placed, Sums
from core.domain.periods import is_compared
from core.domain.progress import Behind
from core.services import digest_rosters
from core.services.digest_audiences import Audience, Reader, places_of_profiles
from core.services.digest_rosters import Expected
from core.storage import access_requests, activations, pending_sign_ups, progress

NO_PROFILE = 0  # stands for the profile of those who are counted by department


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The counts of one recipient, as `Overview` describes them.

    `not_started` counts those of each profile (None: of the departments) who haven't; without those that have none.
    """

    shown_before: int | None
    expected: Expected
    behind: Behind | None
    not_started: Mapping[int | None, int]
    waiting: int
    requests: int


def counts(session: Session, audience: Audience, pointed: Iterable[tuple[int, int]]) -> list[Counts]:
    """Count for each recipient, by their rights. `pointed`: profiles, and their departments, once and now."""
    shown_before, expected = _before(session, audience, pointed), digest_rosters.expected(session, audience)
    behind, not_started = _behind(session, audience)
    waiting = _waiting(session, audience, pending_sign_ups.awaiting_by_profile)
    requests = _waiting(session, audience, access_requests.open_by_profile)
    return [
        _of_reader(
            each,
            before=shown_before(each),
            expected=expected(each),
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
    expected: Expected,
    behind: Behind,
    not_started: Mapping[int | None, int],
    waiting: tuple[int, int],
) -> Counts:
    manages = reader.actor.may(Permission.MANAGE_PROFILES)
    return Counts(
        shown_before=before,
        expected=expected,
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
