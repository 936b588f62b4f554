"""What is new in each profile: one count by profile and department, of which each recipient of a digest sees a part."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.branches import Placed
from core.domain.links import LinkState
from core.domain.tallies import Hidden, ProfileTally, Seen, Tally
from core.services.digest_audiences import Audience, Reader, places_of_profiles
from core.storage import activations, departments, first_learners, profiles
from core.storage.first_learners import FirstLearner
from core.storage.tables import Profile

NAMES_SHOWN = 10
PROFILES_NAMED = 15


@dataclass(frozen=True, kw_only=True)
class ProfileNews:
    """New learners of one profile: the number `shown`, the first few `names`, how many are hidden; `left` places.

    Of the activations of those shown, `returned` were given back. `only` is the number of a learner who alone is shown.
    `over` is ENDED or REMOVED if nobody can sign up any more.
    """

    profile_id: int
    name: str
    department: tuple[str, ...]
    names: tuple[str, ...]
    shown: int
    returned: int
    hidden: Hidden
    left: int | None
    over: LinkState | None = None
    only: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A profile as one recipient sees it; `firsts` has the first activations by department, if names are shown."""

    profile: Profile
    seen: Seen
    returned: int
    firsts: Mapping[int, int]


Learners = Mapping[tuple[int, int], Sequence[FirstLearner]]
"""The first new learners by profile and by the department where they are now."""


def news(session: Session, audience: Audience, pointed: Sequence[tuple[int, int]]) -> list[tuple[ProfileNews, ...]]:
    """Return for each recipient what is new in each profile, sorted by name; learners' names for the first ones only.

    `pointed` has the profiles and the departments within reach to which they belong or once belonged.
    """
    interval = audience.interval
    tallied = _tallied(session, audience)
    found = profiles.by_numbers(session, tallied)
    places = places_of_profiles(audience, pointed)
    placed = Placed(found, lambda profile: places(profile.id))
    parts = [_parts(reader, placed, tallied) for reader in audience.readers]
    paths = departments.paths(session, {part.profile.department_id for each in parts for part in each})
    firsts = {first for each in parts for part in each for first in part.firsts.values()}
    learners = _by_group(first_learners.first_learners(session, firsts, through=interval.through, at_most=NAMES_SHOWN))
    return [
        tuple(
            _profile_news(part, at=interval.until, department=paths[part.profile.department_id], learners=learners)
            for part in each
        )
        for each in parts
    ]


def _tallied(session: Session, audience: Audience) -> dict[int, ProfileTally]:
    by_profile, returned = defaultdict[int, list[Tally]](list), defaultdict[int, list[tuple[int, int]]](list)
    covered = {"after": audience.interval.after, "through": audience.interval.through}
    for tally in activations.tallies_between(session, audience.reach, **covered):
        by_profile[tally.profile_id].append(tally)
    for profile_id, learners_in, count in activations.returned_between(session, audience.reach, **covered):
        returned[profile_id].append((learners_in, count))
    return {number: ProfileTally(audience.tree, found, returned[number]) for number, found in by_profile.items()}


def _parts(reader: Reader, placed: Placed[Profile], tallied: Mapping[int, ProfileTally]) -> list[_Part]:
    parts = []
    for rank, profile in enumerate(reader.of(placed, lambda profile: profile.id)):
        tally = tallied[profile.id]
        firsts = tally.firsts(reader.ranges, NAMES_SHOWN) if rank < PROFILES_NAMED else {}
        seen, returned = tally.seen(reader.ranges), tally.returned(reader.ranges)
        parts.append(_Part(profile=profile, seen=seen, returned=returned, firsts=firsts))
    return parts


def _by_group(learners: Iterable[FirstLearner]) -> Learners:
    grouped = defaultdict[tuple[int, int], list[FirstLearner]](list)
    for learner in learners:
        grouped[learner.profile_id, learner.department_id].append(learner)
    return grouped


def _profile_news(part: _Part, *, at: datetime, department: tuple[str, ...], learners: Learners) -> ProfileNews:
    profile = part.profile
    in_use, limit = profile.used + profile.reserved, profile.activation_limit
    over = LinkState.ENDED if profile.ends_at < at else None
    shown = _named(part, learners)
    return ProfileNews(
        profile_id=profile.id,
        name=profile.name,
        department=department,
        names=tuple(each.name for each in shown),
        only=shown[0].user_id if part.seen.shown == len(shown) == 1 else None,
        shown=part.seen.shown,
        returned=part.returned,
        hidden=part.seen.hidden,
        left=None if limit is None else limit - in_use,
        over=over if profile.removed_at is None else LinkState.REMOVED,
    )


def _named(part: _Part, learners: Learners) -> list[FirstLearner]:
    visible = [each for place in part.firsts for each in learners.get((part.profile.id, place), ())]
    visible.sort(key=lambda each: each.activation_id)
    return visible[:NAMES_SHOWN]
