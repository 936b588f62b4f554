"""Whole numbers as people type them, with what they count, and the words for no limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.keywords import is_none
from core.domain.numbers import count_of_days, count_of_more, count_of_people, whole_number
from core.domain.places import HIGHEST_LIMIT, parse_limit
from core.errors import LimitNotUnderstood


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("50", 50),
        ("1,000", 1000),
        ("1 000", 1000),
        ("1.000", 1000),
        ("1'000", 1000),
        ("1\N{NO-BREAK SPACE}000", 1000),
        ("1,000,000", 1_000_000),
        ("50 people", 50),
        ("50people", 50),
        ("1,000 places", 1000),
        ("1 person", 1),
        ("50 человек", 50),
        ("50 мест", 50),
        ("1 000 чел.", 1000),
        ("50 personas", 50),
        ("1.000 plazas", 1000),
    ],
)
def test_a_limit_is_a_number_also_with_what_it_counts(text: str, number: int) -> None:
    assert parse_limit(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "unlimited", "no limit", "Without limit", "none", "any", "off", "∞",
        "без лимита", "Без ограничений", "безлимит", "неограниченно", "нет",
        "sin límite", "sin limite", "ilimitado", "Ilimitada",
    ],
)  # fmt: skip
def test_a_word_for_no_limit_is_understood_in_three_languages(text: str) -> None:
    assert is_none(text)
    assert parse_limit(text) is None


@pytest.mark.parametrize("text", ["", "0", "-5", "50 weeks", "1,00", "1,000.000", "people", "5 0", "1000001", "²", "٣"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(LimitNotUnderstood):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "more"),
    [("+20", 20), ("+ 20", 20), ("+1,000", 1000), ("+20 places", 20), ("+20 мест", 20), ("ещё 20", 20), ("20 more", 20),
     ("más 20", 20), ("20 más", 20), ("20", None), ("+", None), ("+x", None)],
)  # fmt: skip
def test_more_than_now_is_told_from_a_number(text: str, more: int | None) -> None:
    assert count_of_more(text, HIGHEST_LIMIT) == more


@pytest.mark.parametrize(
    ("text", "days"),
    [("14", 14), ("14 days", 14), ("1 day", 1), ("14 дней", 14), ("14 дн.", 14), ("14 días", 14), ("14 people", None)],
)
def test_days_are_a_number_also_with_the_word(text: str, days: int | None) -> None:
    assert count_of_days(text, 1000) == days


@given(number=st.integers(1, HIGHEST_LIMIT), group=st.sampled_from(",. '"))
def test_a_number_is_read_back_however_its_digits_are_grouped(number: int, group: str) -> None:
    written = f"{number:,}".replace(",", group)
    assert whole_number(written, HIGHEST_LIMIT) == count_of_people(f"{written} people", HIGHEST_LIMIT) == number
