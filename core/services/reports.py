"""Reports: the number of sign-ups in a period, by profile and department, as far as the viewer may see them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.periods import Compared, parse_period
from core.domain.rosters import RosterOf
from core.domain.tallies import Tally
from core.services import roster_counts
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.storage import account, activations, departments, profiles

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
    count the rest. `shown_before` is the number for the period before.
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


def sign_ups(session: Session, actor_id: int, period: str, now: datetime) -> Report:
    """Count the sign-ups of a typed period. Raises PeriodNotUnderstood, NoSuchDay, PeriodAhead, EndBeforeStart."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    zone = account.zone(session)
    compared = parse_period(period, zone, now)
    during = activations.tallies_during(session, actor.scope, compared.period)
    before = activations.tallies_during(session, actor.scope, compared.before)
    in_scope = activations.tallied_in_scope(session, actor.scope, (*during, *before))
    seen = [tally for tally in during if tally.learners_in in in_scope]
    shown = sum(tally.count for tally in seen)
    by_profile = Counter[int]()
    by_department = Counter[int]()
    for tally in seen:
        by_profile[tally.profile_id] += tally.count
        by_department[tally.learners_in] += tally.count
    return Report(
        compared=compared,
        zone=zone,
        shown=shown,
        returned=activations.returned_during(session, actor.scope, compared.period),
        hidden=sum(tally.count for tally in during) - shown,
        shown_before=_shown(before, in_scope),
        profiles=_profiles(session, actor, by_profile),
        more_profiles=max(0, len(by_profile) - TOP),
        departments=_departments(session, actor, by_department),
        more_departments=max(0, len(by_department) - TOP),
    )


def _shown(tallies: list[Tally], in_scope: set[int]) -> int:
    return sum(tally.count for tally in tallies if tally.learners_in in in_scope)


def _top(counted: Counter[int]) -> dict[int, int]:
    """Return the TOP highest counts; equal ones are ordered by number."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:TOP])


def _profiles(session: Session, actor: Actor, counted: Counter[int]) -> tuple[ProfileCount, ...]:
    top = _top(counted)
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


def _departments(session: Session, actor: Actor, counted: Counter[int]) -> tuple[DepartmentCount, ...]:
    top = _top(counted)
    paths = departments.paths(session, top)
    lists = {number: RosterOf(department_id=number) for number in top}
    rosters = roster_counts.of_rosters(session, actor, lists.values())
    return tuple(
        DepartmentCount(path=paths[number], shown=shown, roster=rosters.get(lists[number]))
        for number, shown in top.items()
    )
