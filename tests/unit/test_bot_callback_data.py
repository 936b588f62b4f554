"""Numbers packed into a button's data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.input.arguments import StaleButton
from bot.input.callback_data import pack, unpack
from core.services.profile_removal import SEEN


@given(st.sets(st.integers(1, 10**18), min_size=1, max_size=10))
def test_what_is_packed_is_unpacked_in_order(numbers: set[int]) -> None:
    assert list(unpack(pack(numbers))) == sorted(numbers)


@given(st.sets(st.integers(1, 200_000_000), min_size=1, max_size=10))
def test_ten_numbers_of_any_account_fit_into_a_button(numbers: set[int]) -> None:
    assert len(f"undrop:{pack(numbers)}".encode()) <= 64
    assert len(f"end!:{pack(numbers)}{SEEN * 'x'}".encode()) <= 64


@pytest.mark.parametrize("forged", ["", "A", "1A", "1:2", "é", "1 2", "A" * 12 + "1"])
def test_what_was_never_packed_is_a_stale_button(forged: str) -> None:
    with pytest.raises(StaleButton):
        unpack(forged)
