"""How long one waits after each attempt."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.limits import Attempt, Pause, Rate

LIMIT = Rate(name="knocks", every=timedelta(minutes=1), burst=3)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_pauses_begin_after_the_free_attempts_and_double_up_to_the_longest() -> None:
    pause = Pause(name="guesses", free=3, first=seconds(2), longest=seconds(10), forgotten_after=timedelta(minutes=10))
    assert pause.pauses == (seconds(0), seconds(0), seconds(2), seconds(4), seconds(8), seconds(10))


@given(st.text(), st.text())
def test_a_subject_is_stored_as_a_hash_of_one_length_and_no_two_share_it(one: str, other: str) -> None:
    first, second = (Attempt(limit=LIMIT, subject=subject).key for subject in (one, other))
    assert len(first) == 64
    assert (first == second) == (one.encode(errors="replace") == other.encode(errors="replace"))


def test_one_subject_has_a_key_for_each_limit() -> None:
    other = Rate(name="bells", every=timedelta(minutes=1), burst=3)
    assert Attempt(limit=LIMIT, subject="anna").key != Attempt(limit=other, subject="anna").key
