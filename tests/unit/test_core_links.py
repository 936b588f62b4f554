"""Is this link open at an instant, and if not, why?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.links import LinkFacts, LinkState, link_state
from core.domain.windows import Window

START, END = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 12, 24, 18, tzinfo=UTC)
WINDOW = Window(starts_at=START, ends_at=END)
OPEN = LinkFacts(sign_up_enabled=True, paused=False, removed=False, window=WINDOW, limit=50, used=0)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (START - INSTANT, LinkState.NOT_YET_OPEN),
        (START, LinkState.OPEN),
        (END, LinkState.OPEN),
        (END + INSTANT, LinkState.ENDED),
    ],
)
def test_both_ends_of_the_window_are_inside(at: datetime, state: LinkState) -> None:
    assert link_state(OPEN, at) is state


@pytest.mark.parametrize(("used", "state"), [(0, LinkState.OPEN), (49, LinkState.OPEN), (50, LinkState.FULL)])
def test_the_last_activation_fills_the_profile(used: int, state: LinkState) -> None:
    assert link_state(replace(OPEN, used=used), START) is state


@settings(deadline=None)
@given(used=st.integers(min_value=0))
def test_an_unlimited_profile_is_never_full(used: int) -> None:
    assert link_state(replace(OPEN, limit=None, used=used), START) is LinkState.OPEN


def test_a_limit_lowered_below_what_is_used_leaves_no_activations() -> None:
    assert link_state(replace(OPEN, limit=3, used=5), START) is LinkState.FULL


def test_the_reason_told_is_the_one_that_waiting_heals_least() -> None:
    removed = LinkFacts(sign_up_enabled=False, paused=True, removed=True, window=WINDOW, limit=1, used=1)
    removed = replace(removed, replaced=True, spent=True)
    replaced = replace(removed, removed=False)
    spent = replace(replaced, replaced=False)
    off = replace(spent, spent=False)
    paused = replace(off, sign_up_enabled=True)
    ended = replace(paused, paused=False)
    told = [
        *(link_state(facts, END + INSTANT) for facts in (removed, replaced, spent, off, paused, ended)),
        link_state(ended, END),
    ]
    assert told == [
        LinkState.REMOVED,
        LinkState.REPLACED,
        LinkState.USED,
        LinkState.SIGN_UP_OFF,
        LinkState.PAUSED,
        LinkState.ENDED,
        LinkState.FULL,
    ]


def test_a_personal_link_that_is_replaced_is_withdrawn() -> None:
    assert link_state(replace(OPEN, replaced=True, personal=True), START) is LinkState.WITHDRAWN
    assert link_state(replace(OPEN, personal=True), START) is LinkState.OPEN


@settings(deadline=None)
@given(
    enabled=st.booleans(),
    paused=st.booleans(),
    removed=st.booleans(),
    limit=st.none() | st.integers(1, 5),
    used=st.integers(0, 6),
    at=st.sampled_from([START - INSTANT, START, START + INSTANT, END, END + INSTANT]),
)
def test_a_link_is_open_exactly_where_nothing_speaks_against_it(
    *, enabled: bool, paused: bool, removed: bool, limit: int | None, used: int, at: datetime
) -> None:
    facts = LinkFacts(sign_up_enabled=enabled, paused=paused, removed=removed, window=WINDOW, limit=limit, used=used)
    assert link_state(facts, at) is expected(facts, at)


def expected(facts: LinkFacts, at: datetime) -> LinkState:
    """The specification in as many words as PRODUCT has."""
    if facts.removed:
        return LinkState.REMOVED
    if not facts.sign_up_enabled:
        return LinkState.SIGN_UP_OFF
    if facts.paused:
        return LinkState.PAUSED
    if at < START:
        return LinkState.NOT_YET_OPEN
    if at > END:
        return LinkState.ENDED
    if facts.limit is None or facts.used < facts.limit:
        return LinkState.OPEN
    return LinkState.FULL
