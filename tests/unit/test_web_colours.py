"""Any colour of an account can be read on the pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.colours import DARK_GROUNDS, LIGHT_GROUNDS, contrast, for_dark, for_light

COLOURS = st.from_regex("#[0-9a-f]{6}", fullmatch=True)
TEXT = 4.5  # WCAG 2.2, 1.4.3


@given(COLOURS)
def test_a_colour_has_contrast_with_what_is_behind_and_on_it(colour: str) -> None:
    for accent, grounds in ((for_light(colour), LIGHT_GROUNDS), (for_dark(colour), DARK_GROUNDS)):
        assert min(contrast(accent.colour, other) for other in (*grounds, accent.on_it)) >= TEXT


@pytest.mark.parametrize("colour", ["#1f5fbf", "#1d6b3a"])
def test_a_colour_with_enough_contrast_stays_as_it_is(colour: str) -> None:
    assert for_light(colour).colour == colour


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
