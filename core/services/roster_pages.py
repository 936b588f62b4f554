"""Which rosters there are, page by page: those with missing people first."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.rosters import RosterOf
from core.services import digest_summaries, roster_counts, roster_holders
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.storage import roster_profiles

PAGE = 6


@dataclass(frozen=True, kw_only=True)
class RosterInBrief(RosterCounts):
    """A roster among others; `name` is that of the profile, or the path of the department."""

    of: RosterOf
    name: str


@dataclass(frozen=True, kw_only=True)
class RosterPage:
    """A page of rosters; `number` counts from 0.

    `missing` are the people missing from the rosters of all pages; who is on one further down, too, counts only there.
    `missing_by_list` is the sum of what each roster misses.
    """

    rosters: tuple[RosterInBrief, ...]
    number: int
    pages: int
    missing: int
    missing_by_list: int


def page(
    session: Session, actor_id: int, wanted: int, *, run_id: int | None = None, only_missing: bool = False
) -> RosterPage:
    """Return a page of the rosters that the acting user may see, or the last page if there are fewer.

    Those with missing people come first (or alone), of each kind those to which people were added last. `run_id`: only
    what this digest of theirs is about now; raises DigestGone.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = _found(session, actor, run_id)
    counts = roster_counts.of_rosters(session, actor, found)
    lacking = [of for of in found if counts[of].missing]
    listed = lacking if only_missing else [*lacking, *(of for of in found if not counts[of].missing)]
    pages = max(1, -(-len(listed) // PAGE))
    number = min(wanted, pages - 1)
    return RosterPage(
        rosters=tuple(
            RosterInBrief(of=of, name=roster_holders.find(session, actor, of).name, **asdict(counts[of]))
            for of in listed[number * PAGE : (number + 1) * PAGE]
        ),
        number=number,
        pages=pages,
        missing=roster_counts.counted_once(session, actor, found).missing,
        missing_by_list=sum(counts[of].missing for of in lacking),
    )


def _found(session: Session, actor: Actor, run_id: int | None) -> Sequence[RosterOf]:
    if run_id is None:
        return roster_profiles.newest(session, actor.scope)
    reader = digest_summaries.own_reader(session, actor, run_id)
    found = roster_profiles.newest(session, reader.scope)
    return [of for of in found if of.profile_id in reader.profiles] if reader.profiles else found
