"""Names of duplicated profiles."""

import pytest

from core.domain.naming import next_name


@pytest.mark.parametrize(
    ("name", "next_one"),
    [
        ("Autumn sales", "Autumn sales (2)"),
        ("Autumn sales (2)", "Autumn sales (3)"),
        ("Autumn (new)", "Autumn (new) (2)"),
        ("a" * 200, "a" * 196 + " (2)"),
        ("a" * 196 + " (9)", "a" * 195 + " (10)"),
    ],
)
def test_the_next_number_of_a_name(name: str, next_one: str) -> None:
    assert next_name(name) == next_one
