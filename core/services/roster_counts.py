"""How many of the expected people came: the same numbers on cards, in histories, reports, digests and `/missing`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.rosters import RosterOf
from core.storage import roster_overlaps, roster_profiles, rosters


@dataclass(frozen=True, kw_only=True)
class RosterCounts:
    """How many people a roster has, and how many of them came; `hidden` came, but the viewer may not see them."""

    expected: int
    came: int
    hidden: int

    @property
    def missing(self) -> int:
        """How many of the expected didn't come."""
        return self.expected - self.came - self.hidden


@dataclass(frozen=True, kw_only=True)
class ProfileExpectation:
    """The counts of a profile's roster, None if it has none, and whether rosters let in only their people there."""

    counts: RosterCounts | None
    is_closed: bool


NONE_EXPECTED = RosterCounts(expected=0, came=0, hidden=0)


def if_editable(session: Session, actor: Actor, profile_id: int) -> ProfileExpectation | None:
    """Return what is expected through a profile; None if the actor may not edit it."""
    expecting = roster_profiles.editable_among(session, actor.scope, [profile_id]).get(profile_id)
    if expecting is None:
        return None
    counts = _of(session, actor, RosterOf(profile_id=profile_id)) if expecting.has_roster else None
    return ProfileExpectation(counts=counts, is_closed=expecting.is_closed)


def of_editable(session: Session, actor: Actor, profile_ids: Iterable[int]) -> dict[int, RosterCounts]:
    """Return the counts of those of the profiles that have a roster and that the actor may edit, as `/missing` asks."""
    expecting = roster_profiles.editable_among(session, actor.scope, profile_ids)
    found = [RosterOf(profile_id=number) for number, each in expecting.items() if each.has_roster]
    return {of.profile_id: counts for of, counts in of_rosters(session, actor, found).items() if of.profile_id}


def of_rosters(session: Session, actor: Actor, found: Iterable[RosterOf]) -> dict[RosterOf, RosterCounts]:
    """Return the counts of those of the rosters that have people. Rights to see them are not checked here."""
    return _counted(rosters.counts(session, actor.scope, found))


def in_branch(session: Session, actor: Actor, department_id: int) -> RosterCounts | None:
    """Sum up the rosters of a department, of those below it and of their profiles; None if nobody is expected.

    Whom a list further down expects, too, is counted once, there. Rights to see them are not checked here.
    """
    return _if_any(session, actor, roster_profiles.in_branch(session, department_id))


def in_scope(session: Session, actor: Actor) -> RosterCounts | None:
    """Sum up, as `in_branch` does, all rosters of the actor's departments and their profiles, as their digests do."""
    return _if_any(session, actor, roster_profiles.kept(session, actor.scope))


def counted_once(session: Session, actor: Actor, found: Collection[RosterOf]) -> RosterCounts:
    """Sum up rosters; whom a list further down expects, too, is counted there. Rights are not checked here."""
    return total(_counted(rosters.counts(session, actor.scope, found, besides=roster_overlaps.EVER)).values())


def total(counted: Iterable[RosterCounts]) -> RosterCounts:
    """Sum up counts."""
    each = list(counted)
    return RosterCounts(
        expected=sum(one.expected for one in each),
        came=sum(one.came for one in each),
        hidden=sum(one.hidden for one in each),
    )


def _if_any(session: Session, actor: Actor, found: Collection[RosterOf]) -> RosterCounts | None:
    return counted_once(session, actor, found) if found else None


def _of(session: Session, actor: Actor, of: RosterOf) -> RosterCounts | None:
    return of_rosters(session, actor, [of]).get(of)


def _counted(found: dict[RosterOf, rosters.Counts]) -> dict[RosterOf, RosterCounts]:
    return {of: RosterCounts(expected=each.expected, came=each.came, hidden=each.hidden) for of, each in found.items()}
