"""The recipients of digests of one interval: what is read for them is read once, and each is given their part."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Scope
from core.domain.branches import OUTSIDE, Ranges, Tree
from core.storage import departments
from core.storage.tables import DigestRun

EVERYWHERE = Scope(everywhere=True)


@dataclass(frozen=True, kw_only=True)
class Interval:
    """What digests cover: the activations with numbers in (after, through], by time in (since, until], UTC."""

    after: int
    through: int
    since: datetime | None
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A recipient with their rights, and their scope as ranges of the audience's tree."""

    actor: Actor
    ranges: Ranges


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Recipients of digests of one interval. `reach` is all that any of them may see, `tree` has its departments."""

    interval: Interval
    readers: tuple[Reader, ...]
    reach: Scope
    tree: Tree

    def any_may(self, permission: Permission) -> bool:
        """Return whether any recipient has the permission."""
        return any(reader.actor.may(permission) for reader in self.readers)

    @property
    def scope_of_times(self) -> Scope:
        """Where counts over a time look: of several recipients everywhere, by the index of times alone."""
        return self.reach if len(self.readers) == 1 else EVERYWHERE

    def enough(self, at_most: int) -> int | None:
        """Return how many things of the reach are enough for `at_most` of each recipient; None: nothing but all."""
        return at_most if len(self.readers) == 1 else None


def covered(run: DigestRun) -> Interval:
    """Return what a run covers."""
    return Interval(after=run.covers_after, through=run.covers_through, since=run.covers_since, until=run.covers_until)


def gather(session: Session, pairs: Iterable[tuple[Actor, Interval]]) -> Iterator[Audience]:
    """Put recipients with the same interval together, with the tree of departments that they may see."""
    grouped: dict[Interval, list[Actor]] = defaultdict(list)
    for actor, interval in pairs:
        grouped[interval].append(actor)
    tree = Tree(departments.parents_in(session, _union([actor for group in grouped.values() for actor in group])))
    for interval, group in grouped.items():
        readers = tuple(Reader(actor=actor, ranges=tree.ranges(actor.scope)) for actor in group)
        yield Audience(interval=interval, readers=readers, reach=_union(group), tree=tree)


def places_of_profiles(audience: Audience, pointed: Iterable[tuple[int, int]]) -> Callable[[int], Sequence[int]]:
    """Return where profiles are or once were; those of which nothing is known are for who may see everything."""
    places = defaultdict[int, list[int]](list)
    for profile_id, department_id in pointed:
        places[profile_id].append(audience.tree.place(department_id))
    return lambda profile_id: places.get(profile_id, (OUTSIDE,))


def _union(actors: Sequence[Actor]) -> Scope:
    managed = frozenset(number for actor in actors for number in actor.scope.managed)
    return Scope(everywhere=any(actor.scope.everywhere for actor in actors), managed=managed)
