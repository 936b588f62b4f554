"""When a digest is due next."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.cadence import Cadence, Frequency, next_due, parse_cadence
from core.domain.zones import zone_names
from core.errors import CadenceNotUnderstood
from tests.support.selection import many

RIGA = ZoneInfo("Europe/Riga")
ZONES = st.sampled_from(sorted(zone_names().values())).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
CADENCES = st.one_of(
    st.builds(Cadence, frequency=st.just(Frequency.DAILY), at=CLOCKS),
    st.builds(Cadence, frequency=st.just(Frequency.WEEKLY), at=CLOCKS, day=st.integers(0, 6)),
    st.builds(Cadence, frequency=st.just(Frequency.MONTHLY), at=CLOCKS, day=st.integers(1, 31)),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dues(text: str, after: str, count: int, zone: ZoneInfo = RIGA) -> list[str]:
    """The next due moments, as the zone's clock shows them."""
    found, moment = [], utc(after)
    for _ in range(count):
        moment = next_due(parse_cadence(text), zone, moment)
        found.append(f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("daily 18:00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("  Daily   9:05 ", Cadence(frequency=Frequency.DAILY, at=time(9, 5))),
        ("daily 00:00", Cadence(frequency=Frequency.DAILY, at=time(0))),
        ("weekly mon 09:00", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=0)),
        ("weekly Tues 09:00", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=1)),
        ("weekly SUNDAY 23:59", Cadence(frequency=Frequency.WEEKLY, at=time(23, 59), day=6)),
        ("monthly 1 09:00", Cadence(frequency=Frequency.MONTHLY, at=time(9), day=1)),
        ("monthly 31 09:00", Cadence(frequency=Frequency.MONTHLY, at=time(9), day=31)),
        ("daily 6pm", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("every day at 18:00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("weekly on Wednes at 9am", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=2)),
        ("every friday 18:00", Cadence(frequency=Frequency.WEEKLY, at=time(18), day=4)),
        ("monthly 1st 09:00", Cadence(frequency=Frequency.MONTHLY, at=time(9), day=1)),
        ("ежедневно 18:00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("Каждый день в 18.00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("еженедельно пн 09:00", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=0)),
        ("каждую пятницу в 6 вечера", Cadence(frequency=Frequency.WEEKLY, at=time(18), day=4)),
        ("daily 9", Cadence(frequency=Frequency.DAILY, at=time(9))),
        ("weekly пн 09", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=0)),
        ("monthly 1 23", Cadence(frequency=Frequency.MONTHLY, at=time(23), day=1)),
        ("каждый понедельник 9:00", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=0)),
        ("ежемесячно 1 числа в 9:00", Cadence(frequency=Frequency.MONTHLY, at=time(9), day=1)),
        ("diario 18:00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("todos los días a las 18:00", Cadence(frequency=Frequency.DAILY, at=time(18))),
        ("semanal mar 09:00", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=1)),
        ("cada viernes a las 9 de la mañana", Cadence(frequency=Frequency.WEEKLY, at=time(9), day=4)),
        ("mensual 31 09:00", Cadence(frequency=Frequency.MONTHLY, at=time(9), day=31)),
    ],
)
def test_a_schedule_is_typed_in_three_ways(text: str, cadence: Cadence) -> None:
    assert parse_cadence(text) == cadence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "daily 24:00",
        "daily 18:60",
        "daily 1800",
        "daily mon 18:00",
        "weekly 09:00",
        "weekly mo 09:00",
        "weekly monkey 09:00",
        "weekly 1 09:00",
        "weekly mon 25:00",
        "monthly 0 09:00",
        "monthly 32 09:00",
        "monthly ² 09:00",
        "monthly first 09:00",
        "monthly 1 24",
        "daily 9 9",
        "yearly 1 09:00",
        "monthly " + 5000 * "1" + " 09:00",
    ],
)
def test_what_is_no_schedule_is_refused_as_typed(text: str) -> None:
    with pytest.raises(CadenceNotUnderstood) as refused:
        parse_cadence(f" {text}")
    assert refused.value.text == text


def test_a_daily_digest_comes_at_the_same_wall_clock_time_over_clock_changes() -> None:
    assert dues("daily 18:00", "2026-10-24 12:00", 2) == ["Sat 2026-10-24 18:00", "Sun 2026-10-25 18:00"]


def test_a_weekly_digest_comes_on_its_day() -> None:
    assert dues("weekly mon 09:00", "2026-11-23 12:00", 2) == ["Mon 2026-11-30 09:00", "Mon 2026-12-07 09:00"]


def test_a_monthly_digest_comes_on_the_last_day_of_months_that_lack_its_day() -> None:
    assert dues("monthly 31 09:00", "2028-01-31 12:00", 3) == [
        "Tue 2028-02-29 09:00",
        "Fri 2028-03-31 09:00",
        "Sun 2028-04-30 09:00",
    ]


def test_a_digest_in_a_skipped_hour_comes_after_the_gap_and_next_day_at_its_time() -> None:
    assert dues("daily 03:30", "2026-03-28 12:00", 2) == ["Sun 2026-03-29 04:30", "Mon 2026-03-30 03:30"]


def test_a_digest_in_a_repeated_hour_comes_once() -> None:
    first = next_due(parse_cadence("daily 03:30"), RIGA, utc("2026-10-24 12:00"))
    assert first == utc("2026-10-25 00:30")
    assert next_due(parse_cadence("daily 03:30"), RIGA, first) == utc("2026-10-26 01:30")


def test_a_digest_on_a_day_that_a_zone_never_had_comes_once() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert dues("daily 09:00", "2011-12-29 12:00", 3, apia) == [
        "Thu 2011-12-29 09:00",
        "Sat 2011-12-31 09:00",
        "Sun 2012-01-01 09:00",
    ]


def test_a_digest_that_a_gap_has_moved_to_the_next_day_is_not_missed_on_that_day() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no Friday that week
    assert dues("weekly fri 09:00", "2011-12-30 10:30", 2, apia) == ["Sat 2011-12-31 09:00", "Fri 2012-01-06 09:00"]


def test_a_digest_that_is_due_right_now_is_next_due_later() -> None:
    assert next_due(parse_cadence("daily 14:00"), RIGA, utc("2026-11-23 12:00")) == utc("2026-11-24 12:00")


@settings(max_examples=many(300), deadline=None)
@given(cadence=CADENCES, zone=ZONES, after=MOMENTS)
def test_the_next_due_moment_is_later_right_by_the_clock_and_none_is_missed(
    cadence: Cadence, zone: ZoneInfo, after: datetime
) -> None:
    due = next_due(cadence, zone, after)
    assert due > after
    assert shows(due, cadence, zone)
    between = (day for day in days(after, due, zone) if falls_on(cadence, day))
    moments = [wall_instant(day, cadence.at, zone) for day in between]
    assert not [moment for moment in moments if moment is not None and after < moment < due]


def shows(due: datetime, cadence: Cadence, zone: ZoneInfo) -> bool:
    """The zone's clock shows the time on such a day, or one that a gap has moved there."""
    local = due.astimezone(zone)
    moved = [local - timedelta(minutes=gap) for gap in (0, 20, 30, 60, 120, 180, 24 * 60 - 60, 24 * 60)]
    return any(
        falls_on(cadence, wall.date())
        and wall.time().replace(tzinfo=None) == cadence.at
        and (wall == local or wall_instant(wall.date(), cadence.at, zone) is None)
        for wall in moved
    )


def falls_on(cadence: Cadence, day: date) -> bool:
    last = monthrange(day.year, day.month)[1]
    return {
        Frequency.DAILY: True,
        Frequency.WEEKLY: day.weekday() == cadence.day,
        Frequency.MONTHLY: day.day == cadence.day or (day.day == last and cadence.day > last),
    }[cadence.frequency]


def days(start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def wall_instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the clock shows the time; None where a clock change skips it."""
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None
