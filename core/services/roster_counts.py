"""How many of the expected people came: the same numbers on cards, in histories, reports, digests and `/missing`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.storage import roster_profiles, rosters


@dataclass(frozen=True, kw_only=True)
class RosterCounts:
    """How many people a profile expects, and how many of them came; `hidden` came, but the viewer may not see them."""

    expected: int
    came: int
    hidden: int

    @property
    def missing(self) -> int:
        """How many of the expected didn't come."""
        return self.expected - self.came - self.hidden


NONE_EXPECTED = RosterCounts(expected=0, came=0, hidden=0)


def if_editable(session: Session, actor: Actor, profile_id: int) -> tuple[bool, RosterCounts | None]:
    """Return whether the actor may edit a profile, and, if so and if it has a roster, its counts."""
    expecting = roster_profiles.editable_among(session, actor.scope, [profile_id])
    if not expecting.get(profile_id):
        return profile_id in expecting, None
    return True, of_profiles(session, actor, [profile_id]).get(profile_id)


def of_editable(session: Session, actor: Actor, profile_ids: Iterable[int]) -> dict[int, RosterCounts]:
    """Return the counts of those of the profiles that have a roster and that the actor may edit, as `/missing` asks."""
    expecting = roster_profiles.editable_among(session, actor.scope, profile_ids)
    return of_profiles(session, actor, [number for number, has_roster in expecting.items() if has_roster])


def of_profiles(session: Session, actor: Actor, profile_ids: Iterable[int]) -> dict[int, RosterCounts]:
    """Return the counts of those of the profiles that have a roster. Rights to edit them are not checked here."""
    counted = rosters.counts(session, actor.scope, profile_ids)
    return {
        number: RosterCounts(expected=counts.expected, came=counts.came, hidden=counts.hidden)
        for number, counts in counted.items()
    }
