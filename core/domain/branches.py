"""Branches of the tree of departments as ranges, so that what is counted by department is summed up in memory."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from core.domain.access import Scope

T = TypeVar("T")
Ranges = tuple[tuple[int, int], ...]  # of places, from the first up to but without the second; sorted and disjoint

OUTSIDE = -1  # the place of departments that the tree doesn't have


class Tree:
    """Departments in places from 0 on, so that each branch is one range of places.

    `parents` has each department's parent. One that isn't among them counts as none: a part of the tree is enough, if
    it has all departments below those that it has.
    """

    def __init__(self, parents: Mapping[int, int | None]) -> None:
        below: dict[int, list[int]] = defaultdict(list)
        tops: list[int] = []
        for number, parent in parents.items():
            (tops if parent is None or parent not in parents else below[parent]).append(number)
        order: list[int] = []
        while tops:
            number = tops.pop()
            order.append(number)
            tops += below.get(number, ())
        self._places = {number: place for place, number in enumerate(order)}
        self._sizes = [1] * len(order)
        for place in range(len(order) - 1, -1, -1):
            above = self.place(parents[order[place]])
            if above != OUTSIDE:
                self._sizes[above] += self._sizes[place]

    def place(self, number: int | None) -> int:
        """Return a department's place; OUTSIDE if the tree doesn't have it."""
        return OUTSIDE if number is None else self._places.get(number, OUTSIDE)

    def ranges(self, scope: Scope) -> Ranges:
        """Return the places of a scope. Everywhere is also OUTSIDE: such departments are newer than the tree."""
        if scope.everywhere:
            return ((OUTSIDE, len(self._sizes)),)
        found: list[tuple[int, int]] = []
        for place in sorted(self._places[number] for number in scope.managed if number in self._places):
            if not found or place >= found[-1][1]:  # otherwise it is below another managed one
                found.append((place, place + self._sizes[place]))
        return tuple(found)

    def topmost(self, scope: Scope) -> Scope:
        """Return the same scope by as few departments as possible: none of them is below another one."""
        if scope.everywhere:
            return scope
        starts = {start for start, _ in self.ranges(scope)}
        return Scope(everywhere=False, managed=frozenset(each for each in scope.managed if self.place(each) in starts))


def contains(ranges: Ranges, place: int) -> bool:
    """Return whether a place is within ranges."""
    for start, end in ranges:  # noqa: SIM110 - any() takes three times as long, and digests ask very often
        if start <= place < end:
            return True
    return False


class Sums:
    """Counts by place: how many there are within ranges takes two look-ups a range, for any number of counts."""

    def __init__(self, counts: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(counts)
        self._places = [place for place, _ in ordered]
        self._until = [0, *accumulate(count for _, count in ordered)]

    @property
    def total(self) -> int:
        """All counts."""
        return self._until[-1]

    def within(self, ranges: Ranges) -> int:
        """Sum up the counts within ranges."""
        places, until, total = self._places, self._until, 0
        for start, end in ranges:
            total += until[bisect_left(places, end)] - until[bisect_left(places, start)]
        return total


class SumsOfSeveral:
    """Counts of what is in one place or in several at the same time: it is within ranges if one of its places is."""

    def __init__(self, counts: Iterable[tuple[frozenset[int], int]]) -> None:
        single: list[tuple[int, int]] = []
        self._several: list[tuple[frozenset[int], int]] = []
        for places, count in counts:
            if len(places) == 1:
                single.append((next(iter(places)), count))
            else:
                self._several.append((places, count))
        self._single = Sums(single)
        self.total = self._single.total + sum(count for _, count in self._several)

    def within(self, ranges: Ranges) -> int:
        """Sum up the counts within ranges."""
        return self._single.within(ranges) + sum(
            count for places, count in self._several if any(contains(ranges, place) for place in places)
        )


class Placed(Generic[T]):
    """Things in a given order, each in one place or several: those within ranges are found without the others."""

    def __init__(self, things: Sequence[T], places: Callable[[T], Iterable[int]]) -> None:
        self._things = things
        pairs = sorted((place, rank) for rank, thing in enumerate(things) for place in places(thing))
        self._places = [place for place, _ in pairs]
        self._ranks = [rank for _, rank in pairs]

    def within(self, ranges: Ranges, at_most: int | None = None) -> list[T]:
        """List the things within ranges, or the first of them, in their order, each once."""
        places, found = self._places, list[int]()
        for start, end in ranges:
            found += self._ranks[bisect_left(places, start) : bisect_left(places, end)]
        return [self._things[rank] for rank in sorted(set(found))[:at_most]]
