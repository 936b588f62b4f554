"""The colours of both schemes can be told apart as WCAG 2.2 (AA) asks."""

import re

import pytest

from tests.support.catalogues import ROOT

STYLE = (ROOT / "web" / "static" / "style.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\s*;")
RULE = re.compile(r"^([^{}@]+)\{([^{}]*)\}", re.MULTILINE)
SELECTORS = re.compile(r",(?![^()]*\))")  # commas that are not inside of :not()
TEXT, PARTS = 4.5, 3.0  # 1.4.3 and 1.4.11
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "ground", TEXT),
    ("ink", "wrong-ground", TEXT),
    ("soft", "paper", TEXT),
    ("soft", "ground", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "ground", TEXT),
    ("on-accent", "accent", TEXT),
    ("wrong", "paper", TEXT),
    ("good", "paper", TEXT),
    ("good", "ground", TEXT),
    ("line", "paper", PARTS),
    ("line", "ground", PARTS),
    ("wrong", "wrong-ground", PARTS),
    ("accent", "ground", PARTS),
]


def scheme(name: str) -> dict[str, str]:
    """The colours of the light scheme, or what the dark one makes of them."""
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")
    colours = dict(COLOUR.findall(light))
    return colours if name == "light" else colours | dict(COLOUR.findall(dark.split("\n}\n")[0]))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_have_contrast(name: str, front: str, back: str, least: float) -> None:
    colours = scheme(name)
    assert contrast(colours[front], colours[back]) >= least


def test_the_dark_scheme_has_a_colour_of_its_own_for_each_role() -> None:
    light, dark = scheme("light"), scheme("dark")
    assert {role for role in light if light[role] == dark[role]} == set()


def test_no_colour_is_written_outside_the_schemes() -> None:
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules)


def test_a_frame_in_the_colour_of_mistakes_is_for_fields_with_a_mistake_alone() -> None:
    framed = [selectors for selectors, rules in RULE.findall(STYLE) if "border: 2px solid var(--wrong)" in rules]
    assert framed
    for selectors in framed:
        assert all(each.strip().startswith(".wrong ") for each in SELECTORS.split(selectors))
