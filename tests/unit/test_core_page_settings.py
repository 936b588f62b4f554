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


def test_a_line_may_be_as_long_as_its_longest() -> None:
    assert read_line(" " + "x" * 100 + " ", 100) == "x" * 100


@pytest.mark.parametrize(
    ("read", "refusal", "said"),
    [
        (
            lambda: read_language("Klingon"),
            WordNotUnderstood,
            {"text": "Klingon", "nearest": (), "possible": ("en", "es", "ru")},
        ),
        (lambda: read_colour("#12345"), InvalidColour, {"text": "#12345", "names": tuple(COLOURS)}),
        (lambda: read_line("x" * 101, 100), PageTextTooLong, {"length": 101, "longest": 100}),
        (lambda: read_line("text", 100), KeywordInstead, {"text": "text"}),
        (
            lambda: read_asked("required", may_require=False),
            WordNotUnderstood,
            {"text": "required", "nearest": (), "possible": ("off", "optional")},
        ),
    ],
    ids=["language", "colour", "long line", "keyword", "field"],
)
def test_other_values_are_refused_with_what_would_be_right(
    read: Callable[[], object], refusal: type[Refusal], said: dict[str, object]
) -> None:
    with pytest.raises(refusal) as refused:
        read()
    assert vars(refused.value) == said
