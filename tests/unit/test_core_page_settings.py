"""What the settings of the pages accept."""

from collections.abc import Callable

import pytest

from core.domain.page_settings import COLOURS, Asked, read_asked, read_colour, read_language, read_line
from core.errors import InvalidColour, KeywordInstead, PageTextTooLong, Refusal, WordNotUnderstood


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ru", "ru"), ("Russian", "ru"), ("русский", "ru"), ("Español", "es"), ("EN", "en"), ("off", None)],
)
def test_a_language_is_named_by_its_code_or_name(typed: str, code: str | None) -> None:
    assert read_language(typed) == code


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("#1F5fbf", "#1f5fbf"), ("abc", "#aabbcc"), (" Green ", COLOURS["green"]), ("none", None)],
)
def test_a_colour_is_written_in_figures_or_named(typed: str, colour: str | None) -> None:
    assert read_colour(typed) == colour


def test_a_line_is_tidied_and_bounded() -> None:
    assert read_line("  Ask\n Ruth ", 100) == "Ask Ruth"
    assert read_line("off", 100) is None


@pytest.mark.parametrize(
    ("typed", "asked"), [("required", Asked.REQUIRED), ("OPTIONAL", Asked.OPTIONAL), ("none", Asked.OFF)]
)
def test_a_field_is_asked_for_or_not(typed: str, asked: Asked) -> None:
    assert read_asked(typed, may_require=True) is asked


@pytest.mark.parametrize(
    ("read", "refusal"),
    [
        (lambda: read_language("Klingon"), WordNotUnderstood),
        (lambda: read_colour("#12345"), InvalidColour),
        (lambda: read_line("x" * 101, 100), PageTextTooLong),
        (lambda: read_line("text", 100), KeywordInstead),
        (lambda: read_asked("required", may_require=False), WordNotUnderstood),
    ],
    ids=["language", "colour", "long line", "keyword", "field"],
)
def test_other_values_are_refused(read: Callable[[], object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read()
