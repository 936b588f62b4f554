"""Numbers in sentences: their digits are in groups, as each language has them, and they are read back as written."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.phrases import Words
from core.domain.numbers import whole_number
from core.domain.places import HIGHEST_LIMIT
from tests.support.clock import Clock
from tests.support.router_fixture import LANGUAGES


def words(code: str) -> Words:
    return Words(language=LANGUAGES.all[code], zone=ZoneInfo("UTC"), now=Clock()())


@pytest.mark.parametrize(
    ("code", "number", "people"),
    [("en", "10,000", "people"), ("ru", "10\N{NO-BREAK SPACE}000", "человек"), ("es", "10.000", "personas")],
)
def test_amounts_are_written_as_the_language_groups_digits(code: str, number: str, people: str) -> None:
    assert words(code).count("{number} person", "{number} people", 10_000) == f"{number} {people}"
    assert words(code).say("{used} of {limit}", used=0, limit=10_000).endswith(number)


def test_numbers_of_cards_and_small_ones_are_written_as_they_are() -> None:
    assert words("ru").say("Show #{number}", number=10_000) == "Показать #10000"
    assert words("ru").say("{used} of {limit}", used=7, limit=999) == "7 из 999"


@given(number=st.integers(1, HIGHEST_LIMIT), code=st.sampled_from(sorted(LANGUAGES.all)))
def test_a_number_is_read_back_as_it_is_written(number: int, code: str) -> None:
    assert whole_number(words(code).number(number), HIGHEST_LIMIT) == number
