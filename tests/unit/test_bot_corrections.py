"""A line with an unknown name, mended: the name alone changes."""

import pytest

from bot.input.replaced import corrected


@pytest.mark.parametrize(
    ("text", "wrong", "right", "line"),
    [
        ("anna | Sales / EMEAA", "Sales / EMEAA", "Sales / EMEA", "anna | Sales / EMEA"),
        ("anna |Sales/emeaa", "Sales / emeaa", "Sales / EMEA", "anna |Sales / EMEA"),
        ("x | Sales; Sales / EMEAA; Support", "Sales / EMEAA", "Sales / EMEA", "x | Sales; Sales / EMEA; Support"),
        ("X | manage peple, receive digests", "manage peple", "manage people", "X | manage people, receive digests"),
        ("paswords strong", "paswords", "passwords", "passwords strong"),
        ("A | Phon: 1", "Phon", "Phone", "A | Phone: 1"),
        (r"a | \1 x", r"\1 x", r"\g<0>", r"a | \g<0>"),
        ("Sales / EMEAA", "Support", "Sales", None),
        ("for Sales until 5/6, 30 people", "until 5/6", "2027-06-05", "for Sales 2027-06-05, 30 people"),
        ("Salesmen", "Sales", "Sale", None),
    ],
)
def test_the_right_name_takes_the_place_of_the_wrong_one(text: str, wrong: str, right: str, line: str | None) -> None:
    assert corrected(text, wrong, right) == line
