"""Ends that include their day, and moments that are read back as they are written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service import LOCALES as BOT
from bot.wording.phrases import Words
from core.domain.moments import parse_end, parse_moment, typed_form
from core.domain.zones import zone_names
from core.errors import NoSuchDay, TimeNotUnderstood
from core.language import MOMENTS, Language, Languages
from tests.support.selection import many
from tests.unit.test_core_every_zone import near_a_change

WEB = BOT.parent.parent / "web" / "locales"
RIGA = ZoneInfo("Europe/Riga")
SANTIAGO = ZoneInfo("America/Santiago")  # its clocks change at midnight
NOW = datetime(2026, 11, 23, 12, 0, 42, 7, tzinfo=UTC)
LANGUAGES = Languages(BOT).all
ZONES = st.sampled_from(sorted(zone_names().values())).map(ZoneInfo)
MINUTES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - aware by `timezones`
    lambda moment: moment.replace(second=0, microsecond=0)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-12-24", "2026-12-24 21:59:59"),
        ("24.12.2026", "2026-12-24 21:59:59"),
        ("24 Dec", "2026-12-24 21:59:59"),
        ("+1 day", "2026-11-24 21:59:59"),
        ("+0 days", "2026-11-23 21:59:59"),
        ("+2 weeks", "2026-12-07 21:59:59"),
        ("+1 month", "2026-12-23 21:59:59"),
        ("+1 year", "2027-11-23 21:59:59"),
        ("2026-12-24 23:59", "2026-12-24 21:59:59"),
        ("2026-12-24 18:00", "2026-12-24 16:00:00"),
        ("+90 minutes", "2026-11-23 13:30:00"),
        ("+24 hours", "2026-11-24 12:00:00"),
        ("now", "2026-11-23 12:00:00"),
    ],
)
def test_an_end_without_a_time_is_the_last_second_of_its_day(text: str, end: str) -> None:
    assert parse_end(text, RIGA, NOW).instant == utc(end)


def test_a_start_without_a_time_is_the_first_second_of_its_day() -> None:
    assert parse_moment("2026-12-24", RIGA, NOW).instant == utc("2026-12-23 22:00")


def test_days_later_are_counted_from_the_start() -> None:
    assert parse_end("+3 days", RIGA, NOW, since=utc("2026-12-01 07:00")).instant == utc("2026-12-04 21:59:59")


@settings(max_examples=many(200), deadline=None)
@given(zone=ZONES, moment=MINUTES)
def test_no_part_of_the_day_is_missing_from_an_end_without_a_time(zone: ZoneInfo, moment: datetime) -> None:
    day = moment.astimezone(zone).date()
    end = parse_end(f"{day}", zone, NOW).instant
    assert end.astimezone(zone).date() == day
    assert (end + timedelta(seconds=1)).astimezone(zone).date() > day


def test_a_day_whose_last_hour_occurs_twice_ends_with_the_second_one() -> None:
    assert parse_end("2026-04-04", SANTIAGO, NOW).instant == utc("2026-04-05 03:59:59")


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, moment=MINUTES, code=st.sampled_from(MOMENTS), now=MINUTES)
def test_what_is_written_as_a_moment_is_read_back_as_the_same_one(
    zone: ZoneInfo, moment: datetime, code: str, now: datetime
) -> None:
    check_read_back(zone, moment, code, now)


@settings(max_examples=many(100), deadline=None)
@given(near=near_a_change(), code=st.sampled_from(MOMENTS))
def test_what_is_written_around_a_clock_change_is_read_back_as_the_same_moment(
    near: tuple[ZoneInfo, datetime], code: str
) -> None:
    zone, moment = near
    check_read_back(zone, moment, code, moment)


def check_read_back(zone: ZoneInfo, moment: datetime, code: str, now: datetime) -> None:
    words = Words(language=LANGUAGES[code], zone=zone, now=now)
    on_the_page = words.moment(moment).replace(" ", "\N{NO-BREAK SPACE}")
    written = (
        words.moment(moment),
        words.clock(moment).unescape(),
        f"\u2068{words.clock(moment).unescape()}\u2069",
        on_the_page,
    )
    for text in (*written, typed_form(moment, zone)):
        assert parse_moment(text, zone, now).instant == moment


@settings(max_examples=many(100), deadline=None)
@given(zone=ZONES, moment=MINUTES, code=st.sampled_from(MOMENTS))
def test_an_end_that_includes_its_day_is_read_back_as_the_same_end(zone: ZoneInfo, moment: datetime, code: str) -> None:
    end = parse_end(f"{moment.astimezone(zone).date()}", zone, NOW).instant
    words = Words(language=LANGUAGES[code], zone=zone, now=NOW)
    assert parse_end(words.clock(end).unescape(), zone, NOW).instant == end
    assert parse_end(typed_form(end, zone), zone, NOW).instant == end


def test_the_second_of_two_moments_with_the_same_time_is_written_with_its_distance_from_utc() -> None:
    first, second = utc("2026-10-25 00:30"), utc("2026-10-25 01:30")
    written = [LANGUAGES["en"].moment(moment, RIGA, now=utc("2026-10-01")) for moment in (first, second)]
    assert written == ["25 Oct 03:30", "25 Oct 03:30 UTC+2"]


@pytest.mark.parametrize(
    "text",
    ["25 Oct 03:30 UTC+4", "24 Dec 18:00 UTC+9", "24 Dec 18:00 (Tokyo)", "24 Foo 18:00", "24 Dec 25:00", "Dec Foo"],
)
def test_what_names_another_zone_or_no_month_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstood):
        parse_moment(text, RIGA, NOW)


def test_a_written_day_that_no_calendar_has_is_told() -> None:
    with pytest.raises(NoSuchDay):
        parse_moment("31 Nov 18:00", RIGA, NOW)


@pytest.mark.parametrize("languages", [LANGUAGES, Languages(WEB).all], ids=["chat", "pages"])
def test_moments_can_be_read_in_every_language_that_they_are_written_in(languages: dict[str, Language]) -> None:
    assert set(languages) == set(MOMENTS)


def test_a_moment_is_written_to_the_minute() -> None:
    assert typed_form(utc("2026-12-24 21:59:59"), RIGA) == "2026-12-24 23:59"
