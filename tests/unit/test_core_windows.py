"""Moments as people type them, and what clock changes do to them."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.moments import parse_end, parse_moment, parse_window
from core.domain.windows import MINUTE, Window, check_aware, from_wall, on_wall
from core.domain.zones import zone_names
from core.errors import EndBeforeStart, NoSuchDay, TimeAmbiguous, TimeNotUnderstood, TimeSkipped, WindowNotUnderstood
from tests.support.selection import many

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 23, 12, 0, 42, 7, tzinfo=UTC)
ZONES = st.sampled_from(sorted(zone_names().values())).map(ZoneInfo)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def walls() -> st.SearchStrategy[datetime]:
    moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - a wall clock's times
    return moments.map(lambda moment: moment.replace(second=0, microsecond=0))


def exists(naive: datetime, zone: ZoneInfo) -> bool:
    return naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24 09:00", "2026-11-24 07:00"),
        ("  2026-11-24   09:00 ", "2026-11-24 07:00"),
        ("2026-11-24T09:00", "2026-11-24 07:00"),
        ("2026-7-4 9:00", "2026-07-04 06:00"),
        ("2026-11-24", "2026-11-23 22:00"),
        ("24.11.2026", "2026-11-23 22:00"),
        ("24.11.2026 09:00", "2026-11-24 07:00"),
        ("4.7.2026 9:00", "2026-07-04 06:00"),
        ("now", "2026-11-23 12:00"),
        ("NOW", "2026-11-23 12:00"),
        ("+90 minutes", "2026-11-23 13:30"),
        ("+1 hour", "2026-11-23 13:00"),
        ("+1 day", "2026-11-24 12:00"),
        ("+ 2 Weeks", "2026-12-07 12:00"),
        ("+2\N{NO-BREAK SPACE}weeks", "2026-12-07 12:00"),
        ("+1month", "2026-12-23 12:00"),
        ("+1 year", "2027-11-23 12:00"),
        ("2999-12-31 23:59", "2999-12-31 21:59"),
    ],
)
def test_moments_are_read_in_the_accounts_zone_to_the_minute(text: str, instant: str) -> None:
    assert parse_moment(text, RIGA, NOW).instant == utc(instant)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "24.11.026",
        "24.11.2026.",
        "24.11-2026",
        "2026.11.24",
        "2026-11-24 24:00",
        "2026-11-24 09:60",
        "2026-11-24 9",
        "2026-11-24 09:00:00",
        "0999-01-01",
        "3000-01-01 00:00 UTC",
        "+ weeks",
        "+2",
        "+2 fortnights",
        "-2 weeks",
        "+99999 days",
        "+9999 years",
        "+9999 months 1",
        "+2 mınute",
        "+2 MİNUTES",
    ],
)
def test_what_cannot_be_read_without_guessing_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        parse_moment(text, RIGA, NOW)
    assert refused.value.text in (text, "+9999 year")  # a number is told with its unit


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-02-30 18:00", "31.11.2026", "24.13.2026 18:00"])
def test_a_day_that_no_calendar_has_is_told(text: str) -> None:
    with pytest.raises(NoSuchDay) as refused:
        parse_moment(text, RIGA, NOW)
    assert refused.value.text == text.partition(" ")[0]


@given(zone=ZONES, moment=walls())
def test_a_date_with_dots_is_the_same_day_as_one_with_hyphens(zone: ZoneInfo, moment: datetime) -> None:
    if exists(moment, zone):
        dotted = parse_moment(f"{moment.day}.{moment.month:02}.{moment:%Y %H:%M}", zone, NOW)
        assert dotted == parse_moment(f"{moment:%Y-%m-%d %H:%M}", zone, NOW)


@settings(deadline=None)
@given(
    text=st.text(max_size=40)
    | st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[12][0-9]{3}( [0-9]{2}:[0-9]{2})?", fullmatch=True)
    | st.from_regex(r"\+ ?[0-9]{1,5} ?(minute|hour|day|week|month|year)s?", fullmatch=True)
)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    with suppress(TimeNotUnderstood, NoSuchDay, TimeSkipped, TimeAmbiguous):
        assert parse_moment(text, RIGA, NOW).instant.tzinfo is UTC


def test_a_day_later_keeps_the_wall_clock_over_a_clock_change() -> None:
    before = utc("2026-10-24 15:00")  # 18:00 in summer
    assert parse_moment("+1 day", RIGA, before).instant == utc("2026-10-25 16:00")  # 18:00 in winter


def test_hours_later_are_real_hours_over_a_clock_change() -> None:
    assert parse_moment("+24 hours", RIGA, utc("2026-10-24 15:00")).instant == utc("2026-10-25 15:00")


def test_a_relative_end_that_falls_into_a_gap_moves_on_by_the_gap() -> None:
    before = utc("2026-03-28 01:30")  # 03:30, which the next day lacks
    assert parse_moment("+1 day", RIGA, before).instant == utc("2026-03-29 01:30")  # 04:30 in summer


@pytest.mark.parametrize(
    ("start", "later", "end"),
    [
        ("2026-01-31 00:00", "+1 month", "2026-02-28 00:00"),
        ("2028-01-31 00:00", "+1 month", "2028-02-29 00:00"),
        ("2026-08-31 00:00", "+6 months", "2027-02-28 00:00"),
        ("2028-02-29 00:00", "+1 year", "2029-02-28 00:00"),
        ("2026-12-31 00:00", "+2 months", "2027-02-28 00:00"),
    ],
)
def test_a_month_later_is_the_last_day_where_the_month_is_shorter(start: str, later: str, end: str) -> None:
    assert parse_moment(later, ZoneInfo("UTC"), utc(start)).instant == utc(end)


def test_a_relative_moment_in_years_no_calendar_reaches_is_refused_as_typed() -> None:
    with pytest.raises(TimeNotUnderstood) as refused:
        parse_moment("+9000 years", RIGA, NOW)
    assert refused.value.text == "+9000 year"


def test_a_relative_moment_beyond_the_year_3000_is_refused() -> None:
    with pytest.raises(TimeNotUnderstood):
        parse_end("+1 day", RIGA, NOW, since=utc("2999-12-31 12:00"))


def test_a_skipped_time_names_the_nearest_valid_ones() -> None:
    with pytest.raises(TimeSkipped) as refused:
        parse_moment("2026-03-29 03:15", RIGA, NOW)
    skipped = refused.value
    assert (skipped.wall, skipped.before, skipped.after) == (
        wall("2026-03-29 03:15"),
        wall("2026-03-29 02:59"),
        wall("2026-03-29 04:00"),
    )


def test_a_day_that_a_zone_never_had_is_refused_with_the_days_around_it() -> None:
    with pytest.raises(TimeSkipped) as refused:
        parse_moment("2011-12-30 12:00", ZoneInfo("Pacific/Apia"), NOW)
    assert (refused.value.before, refused.value.after) == (wall("2011-12-29 23:59"), wall("2011-12-31 00:00"))


def test_a_time_that_occurs_twice_means_the_first_and_says_so() -> None:
    typed = parse_moment("2026-10-25 03:30", RIGA, NOW)
    assert (typed.instant, typed.repeated) == (utc("2026-10-25 00:30"), wall("2026-10-25 03:30"))


def test_an_ordinary_time_says_nothing_of_repetition() -> None:
    assert parse_moment("2026-10-25 12:00", RIGA, NOW).repeated is None


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, moment=walls())
def test_every_wall_clock_time_comes_back_or_is_skipped_between_its_true_neighbours(
    zone: ZoneInfo, moment: datetime
) -> None:
    try:
        typed = from_wall(moment, zone)
    except TimeSkipped as skipped:
        check_neighbours(skipped, zone)
    else:
        assert typed.instant.astimezone(zone).replace(tzinfo=None) == moment
        if typed.repeated:
            assert typed.instant < moment.replace(tzinfo=zone, fold=1).astimezone(UTC)


def check_neighbours(skipped: TimeSkipped, zone: ZoneInfo) -> None:
    assert exists(skipped.before, zone)
    assert exists(skipped.after, zone)
    assert skipped.before < skipped.wall < skipped.after
    last, first = from_wall(skipped.before, zone).instant, from_wall(skipped.after, zone).instant
    assert first - last == MINUTE
    assert not exists(skipped.before + MINUTE, zone)
    assert not exists(skipped.after - MINUTE, zone)


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, year=st.integers(1990, 2100), inside=st.floats(0, 1, exclude_max=True))
def test_every_time_inside_a_gap_is_refused(zone: ZoneInfo, year: int, inside: float) -> None:
    for before, after in gaps(zone, year):
        minutes = (after - before) // MINUTE
        moment = before + max(1, int(minutes * inside)) * MINUTE
        with pytest.raises(TimeSkipped) as refused:
            from_wall(moment, zone)
        assert (refused.value.before, refused.value.after) == (before, after)


def gaps(zone: ZoneInfo, year: int) -> list[tuple[datetime, datetime]]:
    """Walk through a year by the hour, then by the minute where the clock jumps, to find the gaps in another way."""
    found, at, end = [], utc(f"{year}-01-01 00:00"), utc(f"{year}-12-31 00:00")
    step = timedelta(hours=12)
    while at < end:
        shown, later = at.astimezone(zone).replace(tzinfo=None), (at + step).astimezone(zone).replace(tzinfo=None)
        if later - shown > step:
            found.append(gap_after(at, zone))
        at += step
    return found


def gap_after(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    while True:
        shown, later = (moment.astimezone(zone).replace(tzinfo=None) for moment in (at, at + MINUTE))
        if later - shown > MINUTE:
            return shown, later
        at += MINUTE


def test_a_window_is_two_moments_with_a_hyphen_or_a_dash_between_spaces() -> None:
    for separator in "-–—":
        typed = parse_window(f"2026-11-24 09:00 {separator} 2026-12-24 18:00", RIGA, NOW)
        assert typed.window == Window(starts_at=utc("2026-11-24 07:00"), ends_at=utc("2026-12-24 16:00"))
        assert typed.repeated == ()


def test_a_relative_end_counts_from_the_start() -> None:
    typed = parse_window("2026-12-01 09:00 - +2 weeks", RIGA, NOW)
    assert typed.window.ends_at == utc("2026-12-15 21:59:59")


def test_a_window_tells_which_of_its_times_occur_twice() -> None:
    typed = parse_window("2026-10-25 03:10 - 2026-10-25 03:20", RIGA, NOW)
    assert typed.repeated == (wall("2026-10-25 03:10"), wall("2026-10-25 03:20"))


@pytest.mark.parametrize("text", ["", "now", "now - ", "now-+2 weeks", "now - +1 day - +2 days"])
def test_a_window_that_is_not_two_moments_is_refused(text: str) -> None:
    with pytest.raises(WindowNotUnderstood):
        parse_window(text, RIGA, NOW)


@pytest.mark.parametrize("text", ["now - now", "now - 2026-11-22", "now - +0 hours"])
def test_a_window_ends_after_it_starts(text: str) -> None:
    with pytest.raises(EndBeforeStart):
        parse_window(text, RIGA, NOW)


@settings(deadline=None)
@given(length=st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_a_window_is_refused_exactly_where_its_end_is_not_after_its_start(length: timedelta) -> None:
    if length > timedelta(0):
        assert Window(starts_at=NOW, ends_at=NOW + length).ends_at == NOW + length
    else:
        with pytest.raises(EndBeforeStart):
            Window(starts_at=NOW, ends_at=NOW + length)


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        check_aware(wall("2026-11-24 09:00"))
    with pytest.raises(ValueError, match="needs a time zone"):
        Window(starts_at=NOW, ends_at=wall("2026-12-24 09:00"))


def test_an_aware_moment_is_given_back_in_utc() -> None:
    moment = check_aware(datetime(2026, 11, 24, 9, tzinfo=RIGA))
    assert (moment, moment.tzinfo) == (utc("2026-11-24 07:00"), UTC)


@pytest.mark.parametrize(
    ("clock", "instant"),
    [
        ("02:59", "2026-03-29 00:59"),
        ("03:00", "2026-03-29 01:00"),
        ("03:30", "2026-03-29 01:30"),
        ("04:00", "2026-03-29 01:00"),
    ],
)
def test_a_scheduled_time_that_is_skipped_moves_on_by_the_gap(clock: str, instant: str) -> None:
    assert on_wall(wall("2026-03-29"), time.fromisoformat(clock), RIGA) == utc(instant)


def test_a_scheduled_time_that_occurs_twice_is_the_first() -> None:
    assert on_wall(wall("2026-10-25"), time(3, 30), RIGA) == utc("2026-10-25 00:30")
