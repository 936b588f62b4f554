"""What is new in each profile: one count by profile and department, of which each recipient of a digest sees a part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.branches import Placed
from core.domain.links import LinkState
from core.domain.tallies import Hidden, ProfileTally, Seen, Tally
from core.services.digest_audiences import Audience, Reader, paths_of, places_of_profiles
from core.storage import activations, digest_profiles, first_learners
from core.storage.departments import Path
from core.storage.digest_profiles import ProfileFacts
from core.storage.first_learners import FirstLearner

PROFILES_NAMED = 15


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How many new learners a digest names: of each profile at most so many, until there are enough in all."""

    of_each: int
    in_all: int


AT_A_GLANCE = Naming(of_each=3, in_all=3)
IN_DETAIL = Naming(of_each=10, in_all=10 * PROFILES_NAMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileNews:
    """New learners of one profile: the number `shown`, the first few `names`, how many are hidden; `left` places.

    Of the activations of those shown, `returned` were given back, of which `undone` have no active learner any more;
    these are not named. `only` is the number of a learner who alone is shown.
    `over` is ENDED or REMOVED if nobody can sign up any more.
    """

    profile_id: int
    name: str
    department: Path
    names: tuple[str, ...]
    shown: int
    returned: int
    undone: int
    hidden: Hidden
    left: int | None
    over: LinkState | None = None
    only: int | None = None

    @property
    def joined(self) -> int:
        """How many of those shown have joined and weren't undone."""
        return self.shown - self.undone


@dataclass(frozen=True, slots=True)
class _Known:
    """A profile with all of its news, of which recipients see parts, and what all of them are told alike."""

    facts: ProfileFacts
    tally: ProfileTally
    department: Path
    over: LinkState | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A profile as one recipient sees it; `firsts` has the first activations by department, if names are shown."""

    known: _Known
    seen: Seen
    returned: int
    firsts: Mapping[int, int]


Learners = Mapping[tuple[int, int], Sequence[FirstLearner]]
"""The first new learners by profile and by the department where they are now."""
NOBODY: Mapping[int, int] = {}


def news(
    session: Session, audience: Audience, pointed: Sequence[tuple[int, int]], naming: Naming
) -> list[tuple[ProfileNews, ...]]:
    """Return for each recipient what is new in each profile, sorted by name; learners' names for the first ones only.

    `pointed` has the profiles and the departments within reach to which they belong or once belonged.
    """
    places = places_of_profiles(audience, pointed)
    placed = Placed(_known(session, audience), lambda each: places(each.facts.id))
    parts = [_parts(reader, placed, naming) for reader in audience.readers]
    firsts = {first for each in parts for part in each for first in part.firsts.values()}
    found = first_learners.first_learners(session, firsts, through=audience.interval.through, at_most=naming.of_each)
    learners = _by_group(found)
    return [tuple(_profile_news(part, _named(part, learners, naming)) for part in each) for each in parts]


def _known(session: Session, audience: Audience) -> list[_Known]:
    tallied, at = _tallied(session, audience), audience.interval.until
    found = digest_profiles.by_numbers(session, tallied)
    paths = paths_of(session, audience, (facts.department_id for facts in found))
    return [
        _Known(
            facts=facts,
            tally=tallied[facts.id],
            department=paths[facts.department_id],
            over=LinkState.REMOVED if facts.removed_at else LinkState.ENDED if facts.ends_at < at else None,
        )
        for facts in found
    ]


def _tallied(session: Session, audience: Audience) -> dict[int, ProfileTally]:
    by_profile, returned = defaultdict[int, list[Tally]](list), defaultdict[int, list[tuple[int, int, int]]](list)
    covered = {"after": audience.interval.after, "through": audience.interval.through}
    for tally in activations.tallies_between(session, audience.reach, **covered):
        by_profile[tally.profile_id].append(tally)
    for profile_id, *counted in activations.returned_between(session, audience.reach, **covered):
        returned[profile_id].append((counted[0], counted[1], counted[2]))
    return {number: ProfileTally(audience.tree, found, returned[number]) for number, found in by_profile.items()}


def _parts(reader: Reader, placed: Placed[_Known], naming: Naming) -> list[_Part]:
    parts, named, ranges = list[_Part](), 0, reader.ranges
    for rank, known in enumerate(reader.of(placed, lambda each: each.facts.id)):
        seen, firsts = known.tally.seen(ranges), NOBODY
        if rank < PROFILES_NAMED and (named < naming.in_all or seen.shown == 1):  # who alone is shown can be opened
            firsts = known.tally.firsts(ranges, naming.of_each)
            named += min(seen.joined, naming.of_each)
        parts.append(_Part(known, seen, known.tally.returned(ranges), firsts))
    return parts


def _by_group(learners: Iterable[FirstLearner]) -> Learners:
    grouped = defaultdict[tuple[int, int], list[FirstLearner]](list)
    for learner in learners:
        grouped[learner.profile_id, learner.department_id].append(learner)
    return grouped


def _named(part: _Part, learners: Learners, naming: Naming) -> Sequence[FirstLearner]:
    if not part.firsts:
        return ()
    visible = [each for place in part.firsts for each in learners.get((part.known.facts.id, place), ())]
    visible.sort(key=lambda each: each.activation_id)
    return [each for each in visible if not each.undone][: naming.of_each]


def _profile_news(part: _Part, named: Sequence[FirstLearner]) -> ProfileNews:
    facts, seen = part.known.facts, part.seen
    return ProfileNews(
        profile_id=facts.id,
        name=facts.name,
        department=part.known.department,
        names=tuple([each.name for each in named]),
        only=named[0].user_id if seen.shown == len(named) == 1 else None,
        shown=seen.shown,
        returned=part.returned,
        undone=seen.undone,
        hidden=seen.hidden,
        left=facts.left,
        over=part.known.over,
    )
