"""The intervals of a report's picture: without a gap, few enough, and whole units of the account's clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.intervals import MOST, Unit, intervals
from core.domain.periods import Period, parse_period

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Riga", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"])


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("today", Unit.HOUR, 24),
        ("2026-10-25", Unit.HOUR, 24),  # the day on which clocks are set back: its repeated hour is in one bar
        ("week", Unit.DAY, 3),
        ("30 days", Unit.DAY, 30),
        ("31 days", Unit.DAY, 31),
        ("32 days", Unit.WEEK, 6),
        ("2026-01-01 - 2026-10-31", Unit.MONTH, 10),
        ("5000 days", Unit.YEAR, 14),
        ("9999 days", Unit.YEAR, 28),
    ],
)
def test_a_period_is_divided_into_the_shortest_units_that_fit(text: str, unit: Unit, number: int) -> None:
    divided = intervals(parse_period(text, RIGA, NOW).period, RIGA)
    assert (divided.unit, len(divided.starts)) == (unit, number)


@pytest.mark.parametrize(
    ("text", "walls"),
    [
        ("2026-11-24 10:30 - 2026-11-24 12:15", ["24 10:30", "24 11:00", "24 12:00", "24 12:15"]),
        ("2026-11-22 10:30 - 2026-11-24 12:15", ["22 10:30", "23 00:00", "24 00:00", "24 12:15"]),
        ("2026-10-20 - 2026-11-20", ["20 00:00", "26 00:00", "02 00:00", "09 00:00", "16 00:00", "21 00:00"]),
        ("2026-01-15 - 2026-10-02", ["15 00:00", *["01 00:00"] * 9, "03 00:00"]),
        ("2000-01-15 - 2026-10-02", ["15 00:00", *["01 00:00"] * 26, "03 00:00"]),
    ],
)
def test_bars_begin_at_hours_midnights_mondays_and_the_first_of_months_and_years(text: str, walls: list[str]) -> None:
    bounds = intervals(parse_period(text, RIGA, NOW).period, RIGA).bounds
    assert [f"{at.astimezone(RIGA):%d %H:%M}" for at in bounds] == walls


@given(
    zone=ZONES,
    minutes=st.integers(-(10**7), 10**6),
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=9999)),
)
def test_intervals_join_without_a_gap_and_are_few(zone: str, minutes: int, length: timedelta) -> None:
    since = NOW + timedelta(minutes=minutes)
    period = Period(since=since, until=since + length)
    bounds = intervals(period, ZoneInfo(zone)).bounds
    assert (bounds[0], bounds[-1]) == (period.since, period.until)
    assert all(earlier < later for earlier, later in pairwise(bounds))
    assert len(bounds) <= MOST + 1
