"""Who came by the sign-ups that count for a roster, and is not on it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.rosters import RosterOf
from core.services import roster_holders, rosters
from core.services.authorisation import authorise
from core.services.rosters import Roster
from core.storage import unlisted_arrivals
from core.storage.unlisted_arrivals import Unlisted

__all__ = ["Unlisted"]

PAGE = 5  # with a button for each a page is within a phone


@dataclass(frozen=True, kw_only=True)
class UnlistedArrivals:
    """Some of them, those who came last first; `older_than` is the next page's `before`, None on the last page."""

    roster: Roster
    people: tuple[Unlisted, ...]
    older_than: int | None


def page(
    session: Session, actor_id: int, of: RosterOf, *, before: int | None = None, size: int = PAGE
) -> UnlistedArrivals:
    """Return some of those within the acting user's scope; nobody if there is no roster.

    Raises what `rosters.show` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    roster = rosters.roster_of(session, actor, roster_holders.find(session, actor, of))
    at_most = size + 1 if roster.expected else 0
    found = unlisted_arrivals.newest(session, actor.scope, of, before=before, at_most=at_most)
    return UnlistedArrivals(
        roster=roster,
        people=tuple(found[:size]),
        older_than=found[size - 1].activation_id if len(found) > size else None,
    )
