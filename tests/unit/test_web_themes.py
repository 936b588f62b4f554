"""The colours of a person's Telegram on the pages: kept as far as they can be read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.mini_app import DARK
from web.colours import LEAST, contrast
from web.static_files import SCHEMES, VARIABLE, style_name
from web.static_files import _content as content
from web.static_files import _style as style
from web.themes import FOR_LINES, Theme, from_telegram, read_theme

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
LIGHT = {**DARK, "bg_color": "#ffffff", "secondary_bg_color": "#f1f1f1", "text_color": "#000000"}


def variables(theme: Theme) -> dict[str, str]:
    """The variables of the style sheet in a theme."""
    return dict(VARIABLE.findall(style(theme.text)[0].decode()))


def check_contrasts(named: dict[str, str]) -> None:
    grounds = named["paper"], named["ground"]
    for name in ("ink", "soft", "accent", "wrong", "good"):
        assert min(contrast(named[name], ground) for ground in grounds) >= LEAST, name
    assert contrast(named["accent"], named["on-accent"]) >= LEAST
    assert contrast(named["wrong"], named["wrong-ground"]) >= LEAST
    assert min(contrast(named["line"], ground) for ground in grounds) >= FOR_LINES


@pytest.mark.parametrize("parameters", [DARK, LIGHT])
def test_telegrams_own_grounds_are_used(parameters: dict[str, str]) -> None:
    theme = from_telegram(json.dumps(parameters))
    assert theme is not None
    named = variables(theme)
    assert (named["paper"], named["ground"]) == (parameters["bg_color"], parameters["secondary_bg_color"])
    assert named["ink"] == parameters["text_color"]
    check_contrasts(named)


@given(colours=st.tuples(COLOURS, COLOURS, COLOURS, COLOURS, COLOURS))
def test_whatever_the_colours_are_everything_can_be_read(colours: tuple[str, ...]) -> None:
    theme = read_theme("-".join(each[1:] for each in colours))
    if theme is not None:
        check_contrasts(variables(theme))


def test_a_theme_has_one_scheme_whatever_the_browser_prefers() -> None:
    theme = from_telegram(json.dumps(DARK))
    assert theme is not None
    assert "prefers-color-scheme" not in style(theme.text)[0].decode()
    assert len(SCHEMES.findall(content("style.css").decode())) == 2


@pytest.mark.parametrize(
    "parameters",
    ["", "{}", "[]", "7", '{"bg_color": 7}', "[" * 3000, json.dumps({**DARK, "bg_color": "red;}"}),
     json.dumps({**DARK, "bg_color": "#808080"})],
)  # fmt: skip
def test_what_is_no_theme_or_cant_be_read_is_left_out(parameters: str) -> None:
    assert from_telegram(parameters) is None


def test_a_style_sheets_name_holds_its_colours() -> None:
    theme = from_telegram(json.dumps(DARK))
    assert theme is not None
    assert style_name(theme.text).endswith("-17212b-232e3c-f5f5f5-708499-5288c1.css")
