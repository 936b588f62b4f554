"""The recipients of digests of one interval: what is read for them is read once, and each is given their part."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Scope
from core.domain.branches import OUTSIDE, Placed, Ranges, Tree, contains
from core.storage import departments
from core.storage.departments import Path
from core.storage.tables import DigestRun

EVERYWHERE = Scope(everywhere=True)
MANY = 100  # departments: to read all that there are takes less time than to look below each of so many
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """What digests cover: the activations with numbers in (after, through], by time in (since, until], UTC."""

    after: int
    through: int
    since: datetime | None
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Focus:
    """What of all that its recipient may see a digest is about: a department and all below it, or some profiles.

    `department_id` None: all departments; no `profiles`: all of them.
    """

    department_id: int | None = None
    profiles: frozenset[int] = field(default_factory=frozenset)


EVERYTHING = Focus()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A digest to compose: for whom, about what, and what it covers."""

    actor: Actor
    interval: Interval
    focus: Focus = EVERYTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A recipient with their rights, what their digest is about, and where: as a scope, and as ranges of the tree.

    `department_id` is that of a digest about one department, which says what somebody would be told who manages only
    that; `reaches` is False if it isn't within the recipient's scope (any more), and nothing may be told.
    """

    actor: Actor
    scope: Scope
    ranges: Ranges
    department_id: int | None
    profiles: frozenset[int]
    reaches: bool

    def of(self, placed: Placed[T], number: Callable[[T], int], at_most: int | None = None) -> list[T]:
        """List the things that the digest is about, in their order; `number` gives each one's profile."""
        if not self.profiles:
            return placed.within(self.ranges, at_most)
        return [each for each in placed.within(self.ranges) if number(each) in self.profiles][:at_most]


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Recipients of digests of one interval.

    `reach` is all that any of them may see, `tree` and `paths` have its departments (and maybe others).
    """

    interval: Interval
    readers: tuple[Reader, ...]
    reach: Scope
    tree: Tree
    paths: Mapping[int, Path]

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

    @cached_property
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
    scope = _union([each.actor.scope for group in grouped.values() for each in group])
    found = departments.tree_in(session, scope if len(scope.managed) < MANY else EVERYWHERE)
    tree = Tree({number: parent for number, (parent, _) in found.items()})
    paths = {number: path for number, (_, path) in found.items()}
    for interval, group in grouped.items():
        readers = tuple([_reader(tree, each) for each in group])
        reach = tree.topmost(_union([each.scope for each in readers]))
        yield Audience(interval=interval, readers=readers, reach=reach, tree=tree, paths=paths)


def _reader(tree: Tree, wanted: Wanted) -> Reader:
    actor, department_id = wanted.actor, wanted.focus.department_id
    scope, reaches = actor.scope, True
    if department_id is not None:
        reaches = contains(tree.ranges(actor.scope), tree.place(department_id))
        scope = Scope(everywhere=False, managed=frozenset({department_id} if reaches else ()))
    ranges = tree.ranges(scope)
    return Reader(
        actor=actor,
        scope=scope,
        ranges=ranges,
        department_id=department_id,
        profiles=wanted.focus.profiles,
        reaches=reaches,
    )


def paths_of(session: Session, audience: Audience, department_ids: Iterable[int]) -> Mapping[int, Path]:
    """Return the paths of departments; those out of reach, to which profiles lead now that once led here, are read."""
    elsewhere = set(department_ids) - audience.paths.keys()
    return {**audience.paths, **departments.paths(session, elsewhere)} if elsewhere else audience.paths


def places_of_profiles(audience: Audience, pointed: Iterable[tuple[int, int]]) -> Callable[[int], Sequence[int]]:
    """Return where profiles are or once were; those of which nothing is known are for who may see everything."""
    places = defaultdict[int, list[int]](list)
    for profile_id, department_id in pointed:
        places[profile_id].append(audience.tree.place(department_id))
    return lambda profile_id: places.get(profile_id, (OUTSIDE,))


def _union(scopes: Sequence[Scope]) -> Scope:
    managed = frozenset(number for scope in scopes for number in scope.managed)
    return Scope(everywhere=any(scope.everywhere for scope in scopes), managed=managed)
