"""Sign-ups counted by department, and what of them a viewer sees: learners shown, and those hidden, by reason."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from core.domain.branches import Ranges, Sums, Tree, contains


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of a profile's activations by the learners' current department and the one they signed up to.

    `first` is the smallest number of these activations.
    """

    profile_id: int
    learners_in: int
    signed_up_to: int
    count: int
    first: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """How many learners the viewer may not see, by reason: transferred later, or the profile pointed elsewhere."""

    transferred: int
    elsewhere: int

    @property
    def total(self) -> int:
        """The number of hidden learners."""
        return self.transferred + self.elsewhere


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """How many of a profile's learners a viewer may see, and how many are hidden, by reason.

    Of those shown, `undone` were undone.
    """

    shown: int
    hidden: Hidden
    undone: int = 0

    @property
    def joined(self) -> int:
        """How many of those shown have joined and weren't undone."""
        return self.shown - self.undone


class ProfileTally:
    """One profile's tallies over the tree: what a viewer sees of them takes a few look-ups, for any number of them.

    Learners who are elsewhere now but signed up to a department within the viewer's scope were transferred later; the
    other hidden ones signed up while the profile pointed elsewhere (the two reasons of iSpring Learn's "Sign Up").
    `returned` says how many of the activations were returned, and of these undone, by the learners' current department.
    """

    def __init__(self, tree: Tree, tallies: Iterable[Tally], returned: Sequence[tuple[int, int, int]] = ()) -> None:
        by_origin: dict[int, list[tuple[int, int]]] = defaultdict(list)
        firsts: list[tuple[int, int, int]] = []
        for tally in tallies:
            place = tree.place(tally.learners_in)
            by_origin[tally.signed_up_to].append((place, tally.count))
            firsts.append((place, tally.learners_in, tally.first))
        self._by_origin = [(tree.place(origin), Sums(counts)) for origin, counts in by_origin.items()]
        self._total = sum(sums.total for _, sums in self._by_origin)
        self._firsts = sorted(firsts)
        self._returned = Sums((tree.place(department), count) for department, count, _ in returned)
        self._undone = Sums((tree.place(department), undone) for department, _, undone in returned)

    def seen(self, ranges: Ranges) -> Seen:
        """Return what a viewer with this scope sees."""
        shown = transferred = 0
        for origin, learners in self._by_origin:
            within = learners.within(ranges)
            shown += within
            if contains(ranges, origin):
                transferred += learners.total - within
        hidden = Hidden(transferred=transferred, elsewhere=self._total - shown - transferred)
        return Seen(shown=shown, hidden=hidden, undone=self._undone.within(ranges))

    def returned(self, ranges: Ranges) -> int:
        """Return how many activations of the learners whom a viewer sees were returned."""
        return self._returned.within(ranges)

    def firsts(self, ranges: Ranges, at_most: int) -> dict[int, int]:
        """Return the departments in which a viewer sees the first learners: their smallest activation numbers.

        The first learners, `at_most` of them, are all in these departments, of which there are no more than that.
        """
        found: dict[int, int] = {}
        for start, end in ranges:
            for _, department, first in self._firsts[self._place(start) : self._place(end)]:
                found[department] = min(first, found.get(department, first))
        return dict(sorted(found.items(), key=itemgetter(1))[:at_most])

    def _place(self, place: int) -> int:
        return bisect_left(self._firsts, (place,))
