"""Reports: the number of sign-ups in a period, by profile and department, as far as the viewer may see them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.periods import Compared, Period, parse_period
from core.domain.rosters import RosterOf
from core.domain.tallies import Hidden
from core.services import roster_counts, steps
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.services.steps import Steps
from core.storage import account, activations, departments, profiles, progress

TOP = 5  # of each kind: a report is one screen of a phone, 20 lines at most


@dataclass(frozen=True, kw_only=True)
class ProfileCount:
    """How many of a profile's new learners whom the viewer may see have `joined`; `removed`: the profile is deleted.

    `roster` is counted for profiles that the viewer may edit, None if there is none.
    """

    profile_id: int
    name: str
    removed: bool
    joined: int
    roster: RosterCounts | None = None


@dataclass(frozen=True, kw_only=True)
class DepartmentCount:
    """How many new learners have `joined` and are now in a department; `roster`: of its own list, None if none."""

    path: tuple[str, ...]
    joined: int
    roster: RosterCounts | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The sign-ups of a period: the number of learners `shown` to the viewer and of those `hidden`, by reason.

    Of the activations of those shown, `returned` were given back to their profiles, and of these `undone` have no
    active learner any more: whoever else is shown has `joined`, and all other figures are of them.
    `profiles` and `departments` hold those with the most learners, at most TOP; `more_profiles` and `more_departments`
    count the rest. `joined_before` is the number for the period before. `steps` says how far those shown are who
    are active and have a course, as `steps.of_few` does. `expected` sums up the rosters of the viewer's departments and
    profiles, whoever joined in the period; None if there are none.
    """

    compared: Compared
    zone: ZoneInfo
    shown: int
    returned: int
    undone: int
    hidden: Hidden
    joined_before: int
    profiles: tuple[ProfileCount, ...]
    more_profiles: int
    departments: tuple[DepartmentCount, ...]
    more_departments: int
    steps: Steps | None = None
    expected: RosterCounts | None = None

    @property
    def joined(self) -> int:
        """How many of those shown have joined and weren't undone."""
        return self.shown - self.undone


def sign_ups(session: Session, actor_id: int, period: str, now: datetime, *, most: int | None = TOP) -> Report:
    """Count the sign-ups of a typed period, by `most` profiles and departments (None: by all).

    Raises PeriodNotUnderstood, NoSuchDay, PeriodAhead, EndBeforeStart.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    zone = account.zone(session)
    compared = parse_period(period, zone, now)
    during, before = (_counted(session, actor, each) for each in (compared.period, compared.before))
    by_profile = _summed((profile_id, count) for profile_id, _, count in during.joined)
    by_department = _summed((learners_in, count) for _, learners_in, count in during.joined)
    largest, busiest = _top(by_profile, most), _top(by_department, most)
    learners = activations.learners_during(actor.scope, compared.period)
    return Report(
        compared=compared,
        zone=zone,
        shown=during.shown,
        returned=activations.returned_during(session, actor.scope, compared.period),
        undone=during.undone,
        hidden=during.hidden,
        joined_before=before.shown - before.undone,
        profiles=_profiles(session, actor, largest),
        more_profiles=len(by_profile) - len(largest),
        departments=_departments(session, actor, busiest),
        more_departments=len(by_department) - len(busiest),
        steps=steps.of_few(session, progress.active_among(learners), during.shown, now),
        expected=roster_counts.in_scope(session, actor),
    )


def period_of(session: Session, typed: str, now: datetime) -> Period:
    """Return a typed period. Raises what `sign_ups` raises for it."""
    return parse_period(typed, account.zone(session), now).period


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """The sign-ups of a period; `joined` has profiles, the learners' departments, and how many weren't undone."""

    shown: int
    hidden: Hidden
    joined: Sequence[tuple[int, int, int]]

    @property
    def undone(self) -> int:
        return self.shown - sum(count for _, _, count in self.joined)


def _counted(session: Session, actor: Actor, period: Period) -> _Counted:
    tallies = activations.tallies_during(session, actor.scope, period)
    undone = activations.undone_during(session, actor.scope, period)
    in_scope = activations.tallied_in_scope(session, actor.scope, tallies)
    seen = [tally for tally in tallies if tally.learners_in in in_scope]
    rows = [(each.profile_id, each.learners_in, each.count) for each in seen]
    rows += [(profile_id, place, -count) for profile_id, place, count in undone if place in in_scope]
    unseen = [tally for tally in tallies if tally.learners_in not in in_scope]
    transferred = sum(tally.count for tally in unseen if tally.signed_up_to in in_scope)
    hidden = Hidden(transferred=transferred, elsewhere=sum(tally.count for tally in unseen) - transferred)
    return _Counted(shown=sum(tally.count for tally in seen), hidden=hidden, joined=rows)


def _summed(counts: Iterable[tuple[int, int]]) -> Counter[int]:
    """Add up the counts of each number; those that are nothing in the end have none."""
    found = Counter[int]()
    for number, count in counts:
        found[number] += count
    return +found


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
            joined=joined,
            roster=rosters.get(number),
        )
        for number, joined in top.items()
    )


def _departments(session: Session, actor: Actor, top: Mapping[int, int]) -> tuple[DepartmentCount, ...]:
    paths = departments.paths(session, top)
    lists = {number: RosterOf(department_id=number) for number in top}
    rosters = roster_counts.of_rosters(session, actor, lists.values())
    return tuple(
        DepartmentCount(path=paths[number], joined=joined, roster=rosters.get(lists[number]))
        for number, joined in top.items()
    )
