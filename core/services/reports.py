"""Reports: the number of sign-ups in a period, by profile and department, as far as the viewer may see them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.periods import Compared, Period, parse_period
from core.domain.rosters import RosterOf
from core.domain.tallies import Tally
from core.services import roster_counts, steps
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.services.steps import Steps
from core.storage import account, activations, departments, profiles, progress

TOP = 5  # of each kind: a report is one screen of a phone, 20 lines at most


@dataclass(frozen=True, kw_only=True)
class ProfileCount:
    """The number of a profile's new learners that the viewer may see; `removed`: the profile is deleted.

    `roster` is counted for profiles that the viewer may edit, None if there is none.
    """

    profile_id: int
    name: str
    removed: bool
    shown: int
    roster: RosterCounts | None = None


@dataclass(frozen=True, kw_only=True)
class DepartmentCount:
    """The number of new learners who are now in a department; `roster`: of its own list, None if it has none."""

    path: tuple[str, ...]
    shown: int
    roster: RosterCounts | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The sign-ups of a period: the number of learners `shown` to the viewer and of those `hidden`.

    Of the activations of those shown, `returned` were given back to their profiles.
    `profiles` and `departments` hold those with the most learners, at most TOP; `more_profiles` and `more_departments`
    count the rest. `shown_before` is the number for the period before. `steps` says how far those shown are who
    are active and have a course, as `steps.of_few` does.
    """

    compared: Compared
    zone: ZoneInfo
    shown: int
    returned: int
    hidden: int
    shown_before: int
    profiles: tuple[ProfileCount, ...]
    more_profiles: int
    departments: tuple[DepartmentCount, ...]
    more_departments: int
    steps: Steps | None = None


def sign_ups(session: Session, actor_id: int, period: str, now: datetime, *, most: int | None = TOP) -> Report:
    """Count the sign-ups of a typed period, by `most` profiles and departments (None: by all).

    Raises PeriodNotUnderstood, NoSuchDay, PeriodAhead, EndBeforeStart.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    zone = account.zone(session)
    compared = parse_period(period, zone, now)
    during = activations.tallies_during(session, actor.scope, compared.period)
    before = activations.tallies_during(session, actor.scope, compared.before)
    in_scope = activations.tallied_in_scope(session, actor.scope, (*during, *before))
    seen = [tally for tally in during if tally.learners_in in in_scope]
    shown = sum(tally.count for tally in seen)
    by_profile = _summed((tally.profile_id, tally.count) for tally in seen)
    by_department = _summed((tally.learners_in, tally.count) for tally in seen)
    largest, busiest = _top(by_profile, most), _top(by_department, most)
    learners = activations.learners_during(actor.scope, compared.period)
    return Report(
        compared=compared,
        zone=zone,
        shown=shown,
        returned=activations.returned_during(session, actor.scope, compared.period),
        hidden=sum(tally.count for tally in during) - shown,
        shown_before=_shown(before, in_scope),
        profiles=_profiles(session, actor, largest),
        more_profiles=len(by_profile) - len(largest),
        departments=_departments(session, actor, busiest),
        more_departments=len(by_department) - len(busiest),
        steps=steps.of_few(session, progress.active_among(learners), shown, now),
    )


def period_of(session: Session, typed: str, now: datetime) -> Period:
    """Return a typed period. Raises what `sign_ups` raises for it."""
    return parse_period(typed, account.zone(session), now).period


def _shown(tallies: list[Tally], in_scope: set[int]) -> int:
    return sum(tally.count for tally in tallies if tally.learners_in in in_scope)


def _summed(counts: Iterable[tuple[int, int]]) -> Counter[int]:
    """Add up the counts of each number."""
    found = Counter[int]()
    for number, count in counts:
        found[number] += count
    return found


def _top(counted: Counter[int], most: int | None) -> dict[int, int]:
    """Return the highest counts; equal ones are ordered by number."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most])


def _profiles(session: Session, actor: Actor, top: Mapping[int, int]) -> tuple[ProfileCount, ...]:
    found = {profile.id: profile for profile in profiles.by_numbers(session, top)}
    kept = [number for number, profile in found.items() if profile.removed_at is None]
    rosters = roster_counts.of_editable(session, actor, kept)
    return tuple(
        ProfileCount(
            profile_id=number,
            name=found[number].name,
            removed=found[number].removed_at is not None,
            shown=shown,
            roster=rosters.get(number),
        )
        for number, shown in top.items()
    )


def _departments(session: Session, actor: Actor, top: Mapping[int, int]) -> tuple[DepartmentCount, ...]:
    paths = departments.paths(session, top)
    lists = {number: RosterOf(department_id=number) for number in top}
    rosters = roster_counts.of_rosters(session, actor, lists.values())
    return tuple(
        DepartmentCount(path=paths[number], shown=shown, roster=rosters.get(lists[number]))
        for number, shown in top.items()
    )
