"""Counts rolled up over the tree are those that are counted one by one, for any tree, scope and history."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from core.domain.access import Scope
from core.domain.branches import OUTSIDE, Placed, SumsOfSeveral, Tree, contains
from core.domain.tallies import Hidden, ProfileTally, Seen, Tally

MOST = 12  # departments
NUMBERS = st.integers(1, MOST)
WHOLE = Scope(everywhere=True)
SCOPES = st.one_of(st.just(WHOLE), st.frozensets(NUMBERS).map(lambda managed: Scope(everywhere=False, managed=managed)))
Parents = Mapping[int, int | None]


@st.composite
def trees(draw: st.DrawFn) -> dict[int, int | None]:
    """Draw a tree whose numbers are in no order, as departments can be moved."""
    numbers = draw(st.permutations(range(1, draw(NUMBERS) + 1)))
    above = {number: draw(st.sampled_from(numbers[:place])) for place, number in enumerate(numbers) if place}
    return {number: above.get(number) for number in draw(st.permutations(numbers))}


def within(parents: Parents, scope: Scope) -> set[int]:
    """Return the departments of a scope by climbing from each one."""

    def climb(number: int | None) -> Iterable[int]:
        while number is not None:
            yield number
            number = parents[number]

    return {number for number in parents if scope.everywhere or not scope.managed.isdisjoint(climb(number))}


def counted(tallies: Iterable[Tally], in_scope: set[int]) -> Seen:
    """Count tally by tally: transferred learners signed up to the viewer's scope, and are elsewhere now."""
    shown = transferred = elsewhere = 0
    for tally in tallies:
        if tally.learners_in in in_scope:
            shown += tally.count
        elif tally.signed_up_to in in_scope:
            transferred += tally.count
        else:
            elsewhere += tally.count
    return Seen(shown=shown, hidden=Hidden(transferred=transferred, elsewhere=elsewhere))


@given(trees(), SCOPES)
def test_a_scope_s_ranges_hold_its_departments_and_no_others(parents: Parents, scope: Scope) -> None:
    tree = Tree(parents)
    ranges = tree.ranges(scope)
    assert {number for number in parents if contains(ranges, tree.place(number))} == within(parents, scope)
    assert sorted(tree.place(number) for number in parents) == list(range(len(parents)))


@given(trees(), SCOPES)
def test_a_scope_s_topmost_departments_hold_all_others_and_are_not_below_each_other(
    parents: Parents, scope: Scope
) -> None:
    topmost = Tree(parents).topmost(scope)
    assert within(parents, topmost) == within(parents, scope)
    for each in topmost.managed:
        others = Scope(everywhere=False, managed=topmost.managed - {each})
        assert each not in within(parents, others)


@given(trees(), SCOPES, st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(1, 9))), st.integers(1, 5))
def test_a_viewer_sees_of_a_profile_what_is_counted_tally_by_tally(
    parents: Parents, scope: Scope, groups: list[tuple[int, int, int]], at_most: int
) -> None:
    known = {(now, origin): count for now, origin, count in groups if now in parents and origin in parents}
    tallies = [Tally(1, now, origin, count, 10 * place) for place, ((now, origin), count) in enumerate(known.items())]
    tree, in_scope = Tree(parents), within(parents, scope)
    tallied, ranges = ProfileTally(tree, tallies), tree.ranges(scope)
    assert tallied.seen(ranges) == counted(tallies, in_scope)
    firsts: dict[int, int] = {}
    for tally in tallies:
        if tally.learners_in in in_scope:
            firsts.setdefault(tally.learners_in, tally.first)
    assert tallied.firsts(ranges, at_most) == dict(sorted(firsts.items(), key=lambda item: item[1])[:at_most])


@given(trees(), SCOPES)
def test_part_of_a_tree_is_enough_for_who_sees_no_more(parents: Parents, scope: Scope) -> None:
    part = {number: parents[number] for number in parents if number in within(parents, scope)}
    whole, partial = Tree(parents), Tree(part)
    tallies = [Tally(1, now, origin, 1, now) for now in parents for origin in parents]
    assert ProfileTally(partial, tallies).seen(partial.ranges(scope)) == ProfileTally(whole, tallies).seen(
        whole.ranges(scope)
    )


@given(trees(), SCOPES, st.lists(st.tuples(st.frozensets(NUMBERS, min_size=1), st.integers(1, 9))))
def test_what_is_in_several_places_counts_once_and_is_found_once(
    parents: Parents, scope: Scope, things: list[tuple[frozenset[int], int]]
) -> None:
    tree, in_scope = Tree(parents), within(parents, scope)
    known = [(numbers & parents.keys(), count) for numbers, count in things if numbers & parents.keys()]
    expected = [(numbers, count) for numbers, count in known if numbers & in_scope]
    ranges = tree.ranges(scope)
    sums = SumsOfSeveral((frozenset(map(tree.place, numbers)), count) for numbers, count in known)
    assert (sums.within(ranges), sums.total) == (sum(each[1] for each in expected), sum(each[1] for each in known))
    placed = Placed(known, lambda thing: map(tree.place, thing[0]))
    assert placed.within(ranges) == expected
    assert placed.within(ranges, 2) == expected[:2]


def test_a_department_newer_than_the_tree_is_seen_by_who_may_see_everything() -> None:
    tree, tallies = Tree({1: None, 2: 1}), [Tally(1, 3, 2, 5, 7)]
    assert tree.place(3) == OUTSIDE
    everything = ProfileTally(tree, tallies).seen(tree.ranges(Scope(everywhere=True)))
    assert everything == Seen(shown=5, hidden=Hidden(transferred=0, elsewhere=0))
    of_branch = ProfileTally(tree, tallies).seen(tree.ranges(Scope(everywhere=False, managed=frozenset({2}))))
    assert of_branch == Seen(shown=0, hidden=Hidden(transferred=5, elsewhere=0))
