"""Times as people type them in three languages: what they mean, and which ones are asked about."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service import LOCALES
from bot.wording.phrases import Words
from bot.wording.refused_times import TIMES_TO_WRITE
from core.domain.moments import parse_end, parse_moment, parse_window
from core.domain.time_words import WEEKDAYS, meanings
from core.errors import NoSuchDay, TimeAmbiguous, TimeNotUnderstood, TimeSkipped
from core.language import MOMENTS, Languages
from tests.support.selection import many
from tests.support.typed_times import ALL, rows
from tests.unit.test_core_every_zone import near_a_change
from tests.unit.test_core_moments import MINUTES, ZONES

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 23, 12, 0, 42, 7, tzinfo=UTC)  # Monday, 14:00 in Riga
LANGUAGES = Languages(LOCALES).all
TYPED = [(code, text, cells) for code, table in ALL.items() for text, cells in rows(table)]
CLEAR = [row for row in TYPED if " or " not in row[2][0]]
ASKED = [row for row in TYPED if " or " in row[2][0]]
PHRASES = [text for _, text, _ in TYPED]


def start(cell: str) -> datetime:
    return datetime.fromisoformat(cell).replace(tzinfo=RIGA).astimezone(UTC)


def end(cell: str) -> datetime:
    whole_day = timedelta(hours=23, minutes=59, seconds=59) if ":" not in cell else timedelta()
    return (datetime.fromisoformat(cell) + whole_day).replace(tzinfo=RIGA).astimezone(UTC)


@pytest.mark.parametrize(("code", "text", "cells"), CLEAR)
def test_a_typed_time_means_one_moment_as_a_start_and_one_as_an_end(code: str, text: str, cells: list[str]) -> None:
    assert parse_moment(text, RIGA, NOW).instant == start(cells[0]), code
    assert parse_end(text, RIGA, NOW).instant == end(cells[-1]), code


@pytest.mark.parametrize(("code", "text", "cells"), ASKED)
def test_a_time_with_two_meanings_is_asked_about(code: str, text: str, cells: list[str]) -> None:
    wanted = cells[0].split(" or ")
    with pytest.raises(TimeAmbiguous) as refused:
        parse_moment(text, RIGA, NOW)
    assert [reading.instant for reading in refused.value.readings] == [start(each) for each in wanted], code
    for reading in refused.value.readings:
        assert parse_moment(reading.text, RIGA, NOW).instant == reading.instant


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9.00", "2026-11-24 09:00"),
        ("9.01", "2027-01-09"),
        ("9.12", "2026-12-09"),
        ("9.13", "2026-11-24 09:13"),
        ("at 9.12", "2026-11-24 09:12"),
        ("9.12 pm", "2026-11-23 21:12"),
        ("tomorrow 9.12", "2026-11-24 09:12"),
    ],
)
def test_two_numbers_with_a_dot_are_a_day_wherever_they_can_be_one(text: str, moment: str) -> None:
    assert parse_moment(text, RIGA, NOW).instant == start(moment)


@pytest.mark.parametrize("code", MOMENTS)
def test_each_language_has_sixty_typed_times_or_more(code: str) -> None:
    assert len(rows(ALL[code])) >= 60


@pytest.mark.parametrize("code", MOMENTS)
def test_the_times_that_an_answer_offers_can_be_typed(code: str) -> None:
    offered = LANGUAGES[code].gettext(TIMES_TO_WRITE).split("; ")
    assert len(offered) == len(TIMES_TO_WRITE.split("; "))
    for text in offered:
        assert parse_end(text, RIGA, NOW).instant >= NOW.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("tomorow", "tomorrow"),
        ("until firday", "until friday"),
        ("24 декабрья", "24 декабря"),
        ("24 diciembe", "24 diciembre"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_time_that_was_meant(text: str, nearest: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        parse_moment(text, RIGA, NOW)
    assert refused.value.nearest == (nearest,)


@pytest.mark.parametrize(
    "text", ["Fri 28 Nov", "вс 27 нояб. 18:00", "lun 24 dic", "31 ноября", "31.11", "31/11", "99th"]
)
def test_a_day_that_is_in_no_calendar_is_told(text: str) -> None:
    with pytest.raises(NoSuchDay):
        parse_moment(text, RIGA, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "9",
        "24",
        "week",
        "25pm",
        "0am",
        "13am",
        "in",
        "end",
        "until",
        "25:00",
        "18:60",
        "next",
        "noon noon",
        "@",
        "fri mon",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstood):
        parse_moment(text, RIGA, NOW)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("until friday", ("2026-11-23 14:00", "2026-11-27")),
        ("до пятницы", ("2026-11-23 14:00", "2026-11-27")),
        ("hasta el viernes", ("2026-11-23 14:00", "2026-11-27")),
        ("tomorrow until friday", ("2026-11-24", "2026-11-27")),
        ("с 1 декабря по 24 декабря", ("2026-12-01", "2026-12-24")),
        ("desde mañana hasta fin de mes", ("2026-11-24", "2026-11-30")),
        ("24 Dec 09:00 - 18:00", ("2026-12-24 09:00", "2026-12-24 18:00")),
        ("20 Dec - 10 Jan", ("2026-12-20", "2027-01-10")),
        ("1 Dec - end of month", ("2026-12-01", "2026-12-31")),
        ("fri - tue", ("2026-11-27", "2026-12-01")),
        ("1 дек. – через неделю", ("2026-12-01", "2026-12-08")),
    ],
)
def test_an_end_is_the_next_one_after_its_start(text: str, window: tuple[str, str]) -> None:
    typed = parse_window(text, RIGA, NOW).window
    assert (typed.starts_at, typed.ends_at) == (start(window[0]), end(window[1]))


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, moment=MINUTES, code=st.sampled_from(MOMENTS), now=MINUTES)
def test_an_echo_is_read_back_as_the_same_moment(zone: ZoneInfo, moment: datetime, code: str, now: datetime) -> None:
    check_echo(zone, moment, code, now)


@settings(max_examples=many(300), deadline=None)
@given(near=near_a_change(), code=st.sampled_from(MOMENTS), days=st.integers(-400, 400))
def test_an_echo_around_a_clock_change_is_read_back_as_the_same_moment(
    near: tuple[ZoneInfo, datetime], code: str, days: int
) -> None:
    zone, moment = near
    check_echo(zone, moment, code, moment + timedelta(days=days))


def check_echo(zone: ZoneInfo, moment: datetime, code: str, now: datetime) -> None:
    words = Words(language=LANGUAGES[code], zone=zone, now=now)
    on_the_page = words.language.full_moment(moment, zone, now=now)
    for text in (words.echo(moment).unescape(), words.weekday(moment), words.moment(moment), on_the_page):
        assert parse_moment(text, zone, now).instant == moment
        assert parse_end(text, zone, now).instant - moment in (timedelta(), timedelta(seconds=59))


@settings(max_examples=many(200), deadline=None)
@given(zone=ZONES, now=MINUTES, days=st.integers(0, 364))
def test_a_day_without_a_year_is_the_next_one(zone: ZoneInfo, now: datetime, days: int) -> None:
    day = now.astimezone(zone).date() + timedelta(days=days)
    if (day.month, day.day) != (2, 29):
        assert ends_on(f"{day.day}.{day.month}", zone, now) == day


@settings(max_examples=many(200), deadline=None)
@given(
    zone=ZONES, now=MINUTES, weekday=st.sampled_from([name for name, meant in meanings().items() if meant in WEEKDAYS])
)
def test_a_weekday_is_within_a_week(zone: ZoneInfo, now: datetime, weekday: str) -> None:
    today = now.astimezone(zone).date()
    with suppress(TimeAmbiguous):  # it is today
        day = ends_on(weekday, zone, now)
        assert 1 <= (day - today).days <= 6
        assert day.weekday() == WEEKDAYS.index(meanings()[weekday])


def ends_on(text: str, zone: ZoneInfo, now: datetime) -> date:
    """The day that an end means; one that a zone never had is left out."""
    try:
        return parse_end(text, zone, now).instant.astimezone(zone).date()
    except TimeSkipped as skipped:
        return skipped.wall.date()


@settings(deadline=None)
@given(words=st.lists(st.sampled_from([*meanings(), "24", "9", "18:00", "31.12", "+", "5/6", "utc"]), max_size=6))
def test_any_words_of_times_are_a_moment_or_refused(words: list[str]) -> None:
    with suppress(TimeNotUnderstood, NoSuchDay, TimeSkipped, TimeAmbiguous):
        assert parse_end(" ".join(words), RIGA, NOW).instant.tzinfo is UTC


def test_a_long_text_is_refused_without_reading_it() -> None:
    with pytest.raises(TimeNotUnderstood):
        parse_moment("tomorrow " * 1000, RIGA, NOW)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, ("one", "один", "uno")),
        (2, ("two", "два", "dos")),
        (3, ("three", "три", "tres")),
        (4, ("four", "четыре", "cuatro")),
        (5, ("five", "пять", "cinco")),
        (6, ("six", "шесть", "seis")),
        (7, ("seven", "семь", "siete")),
        (10, ("ten", "десять", "diez")),
    ],
)
def test_small_numbers_can_be_written_as_words(number: int, words: tuple[str, str, str]) -> None:
    typed = (f"in {words[0]} weeks", f"через {words[1]} недель", f"dentro de {words[2]} semanas")
    wanted = parse_moment(f"in {number} weeks", RIGA, NOW).instant
    assert {parse_moment(text, RIGA, NOW).instant for text in typed} == {wanted}
    assert wanted.date() == (NOW + timedelta(weeks=number)).date()


@pytest.mark.parametrize(("text", "day"), [("1st", date(2026, 12, 1)), ("the 31st", date(2026, 12, 31))])
def test_a_day_of_a_month_is_the_next_one_from_the_first_to_the_last(text: str, day: date) -> None:
    assert parse_moment(text, RIGA, NOW).instant.astimezone(RIGA).date() == day


@pytest.mark.parametrize("text", ["0th", "32nd"])
def test_a_day_that_no_month_has_is_refused(text: str) -> None:
    with pytest.raises(NoSuchDay):
        parse_moment(text, RIGA, NOW)
