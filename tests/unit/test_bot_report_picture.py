"""The picture of a report: its size, its scale, and which letters it can write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.screens.lettering import drawable, written
from bot.screens.plots import days
from bot.screens.report_picture import DARK, HEIGHT, LIGHT, MOST_LINES, WIDTH, Plot, Theme, draw, scale
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.intervals import intervals
from core.domain.periods import Period
from core.language import Languages

RIGA = ZoneInfo("Europe/Riga")


def a_plot(*stacks: tuple[int, ...]) -> Plot:
    return Plot(
        title="Northwind",
        headline="12 sign-ups",
        notes=("Mon 23 Nov 00:00 – 25 Nov 00:00",),
        ticks=tuple(f"{day} Nov" for day in range(1, len(stacks[0]) + 1)),
        days="Tue 24 Nov",
        names=tuple("Very long names are cut where the room ends " * 9 for _ in stacks),
        stacks=stacks,
    )


@pytest.mark.parametrize(
    ("hours", "named"), [(4, "вт 24 нояб."), (9, "вт 24 нояб. – ср 25 нояб."), (24 * 9, "")], ids=str
)
def test_hours_name_the_days_that_they_belong_to(hours: int, named: str) -> None:
    since = datetime(2026, 11, 24, 16, tzinfo=UTC)  # 18:00 in Riga; four hours later 22:00
    words = Words(language=Languages(LOCALES).all["ru"], zone=RIGA, now=since)
    assert days(words, intervals(Period(since=since, until=since + timedelta(hours=hours)), RIGA)) == named


def test_the_days_are_drawn() -> None:
    assert draw(a_plot((1,)), LIGHT) != draw(replace(a_plot((1,)), days=""), LIGHT)


def colours_of(picture: bytes) -> set[tuple[int, ...]]:
    """Return the colours that fill more than single edges of letters."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    return {colour for number, colour in image.getcolors(WIDTH * HEIGHT) or () if number > 400}  # type: ignore[misc]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_profile_has_a_colour_of_its_own(theme: Theme) -> None:
    found = colours_of(draw(a_plot((1, 0, 3), (0, 2, 1), (5, 5, 5)), theme))
    assert {rgb(theme.background), *(rgb(each) for each in theme.series[:3])} <= found
    assert rgb(theme.series[3]) not in found


def test_a_period_of_one_interval_and_one_of_many_are_drawn() -> None:
    assert draw(a_plot((1,)), LIGHT) != draw(a_plot((1,) * 31), LIGHT)


def test_one_of_many_thousands_is_a_line() -> None:
    plot = a_plot((0, 20_000), (1, 0))
    assert draw(plot, LIGHT) != draw(a_plot((0, 20_000), (0, 0)), LIGHT)


@given(highest=st.integers(0, 10**9))
def test_the_scale_reaches_the_highest_bar_with_few_even_steps(highest: int) -> None:
    marks = scale(highest)
    assert marks[0] == 0
    assert marks[-1] >= highest
    assert 1 <= len(marks) - 1 <= MOST_LINES
    assert len({later - earlier for earlier, later in pairwise(marks)}) == 1


@pytest.mark.parametrize("text", ["Northwind “Riga” – 7", "Bērziņa Şahin", "Осенний набор", "Otoño ½"])
def test_latin_and_cyrillic_letters_can_be_written(text: str) -> None:
    assert drawable(text)


@pytest.mark.parametrize("text", ["مكتب", "秋の販売", "Team 😀"])
def test_other_letters_are_known_to_be_missing(text: str) -> None:
    assert not drawable(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Отдел 😀", "Отдел"), ("😀 Sales 秋 EMEA", "Sales EMEA"), ("秋の販売", ""), ("秋の販売 7", ""), ("", "")],
)
def test_single_letters_that_are_missing_are_left_out(text: str, kept: str) -> None:
    assert written(text) == kept
