"""The recipients of digests of one interval: what is read for them is read once, and each is given their part."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Scope
from core.domain.branches import OUTSIDE, Placed, Ranges, Tree, contains
from core.storage import departments
from core.storage.tables import DigestRun

EVERYWHERE = Scope(everywhere=True)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Interval:
    """What digests cover: the activations with numbers in (after, through], by time in (since, until], UTC."""

    after: int
    through: int
    since: datetime | None
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Focus:
    """What of all that its recipient may see a digest is about: a department and all below it, or some profiles.

    `department_id` None: all departments; no `profiles`: all of them.
    """

    department_id: int | None = None
    profiles: frozenset[int] = field(default_factory=frozenset)


EVERYTHING = Focus()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A digest to compose: for whom, about what, and what it covers."""

    actor: Actor
    interval: Interval
    focus: Focus = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A recipient with their rights, what their digest is about, and where: as a scope, and as ranges of the tree.

    A digest about a department says what somebody would be told who manages only that; `reaches` is False if it isn't
    within the recipient's scope (any more), and nothing may be told.
    """

    actor: Actor
    scope: Scope
    ranges: Ranges
    profiles: frozenset[int]
    reaches: bool

    def of(self, placed: Placed[T], number: Callable[[T], int], at_most: int | None = None) -> list[T]:
        """List the things that the digest is about, in their order; `number` gives each one's profile."""
        if not self.profiles and at_most is not None:
            return placed.first_within(self.ranges, at_most)
        found = [each for each in placed.within(self.ranges) if not self.profiles or number(each) in self.profiles]
        return found[:at_most]


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Recipients of digests of one interval. `reach` is all that any of them may see, `tree` has its departments."""

    interval: Interval
    readers: tuple[Reader, ...]
    reach: Scope
    tree: Tree

    def tells(self, profile_id: int, department_id: int) -> bool:
        """Return whether the only reader is told of a learner of a profile who is in a department now."""
        [reader] = self.readers
        is_about = not reader.profiles or profile_id in reader.profiles
        return is_about and contains(reader.ranges, self.tree.place(department_id))

    def any_may(self, permission: Permission) -> bool:
        """Return whether any recipient has the permission."""
        return any(reader.actor.may(permission) for reader in self.readers)

    @property
    def scope_of_times(self) -> Scope:
        """Where counts over a time look: of several recipients everywhere, by the index of times alone."""
        return self.reach if len(self.readers) == 1 else EVERYWHERE

    @property
    def profiles(self) -> frozenset[int]:
        """The profiles that any of the digests is about."""
        return frozenset(number for reader in self.readers for number in reader.profiles)

    def enough(self, at_most: int) -> int | None:
        """Return how many things of the reach are enough for `at_most` of each recipient; None: nothing but all."""
        return at_most if len(self.readers) == 1 and not self.profiles else None


def covered(run: DigestRun) -> Interval:
    """Return what a run covers."""
    return Interval(after=run.covers_after, through=run.covers_through, since=run.covers_since, until=run.covers_until)


def gather(session: Session, wanted: Iterable[Wanted]) -> Iterator[Audience]:
    """Put recipients with the same interval together, with the tree of departments that they may see."""
    grouped: dict[Interval, list[Wanted]] = defaultdict(list)
    for each in wanted:
        grouped[each.interval].append(each)
    scopes = [each.actor.scope for group in grouped.values() for each in group]
    tree = Tree(departments.parents_in(session, _union(scopes)))
    for interval, group in grouped.items():
        readers = tuple(_reader(tree, each) for each in group)
        yield Audience(interval=interval, readers=readers, reach=_union([each.scope for each in readers]), tree=tree)


def _reader(tree: Tree, wanted: Wanted) -> Reader:
    actor, department_id = wanted.actor, wanted.focus.department_id
    scope, reaches = actor.scope, True
    if department_id is not None:
        reaches = contains(tree.ranges(actor.scope), tree.place(department_id))
        scope = Scope(everywhere=False, managed=frozenset({department_id} if reaches else ()))
    ranges = tree.ranges(scope)
    return Reader(actor=actor, scope=scope, ranges=ranges, profiles=wanted.focus.profiles, reaches=reaches)


def places_of_profiles(audience: Audience, pointed: Iterable[tuple[int, int]]) -> Callable[[int], Sequence[int]]:
    """Return where profiles are or once were; those of which nothing is known are for who may see everything."""
    places = defaultdict[int, list[int]](list)
    for profile_id, department_id in pointed:
        places[profile_id].append(audience.tree.place(department_id))
    return lambda profile_id: places.get(profile_id, (OUTSIDE,))


def _union(scopes: Sequence[Scope]) -> Scope:
    managed = frozenset(number for scope in scopes for number in scope.managed)
    return Scope(everywhere=any(scope.everywhere for scope in scopes), managed=managed)
