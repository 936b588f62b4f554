"""When people can be reminded: not at night, not at weekends, in any zone and over every clock change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.reminders import due_on, is_quiet, next_moment, next_round, round_of, useless_from
from core.domain.zones import zone_names
from tests.support.selection import many

RIGA = ZoneInfo("Europe/Riga")
ZONES = st.sampled_from(sorted(zone_names().values())).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 - it gets its zone here


def riga(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RIGA).astimezone(UTC)


def test_people_are_written_to_from_eight_to_eight_on_working_days() -> None:
    quiet = {
        "2026-11-23 07:59": True,
        "2026-11-23 08:00": False,
        "2026-11-23 19:59": False,
        "2026-11-23 20:00": True,
        "2026-11-28 12:00": True,  # a Saturday
        "2026-11-29 12:00": True,
    }
    assert {text: is_quiet(riga(text), RIGA) for text in quiet} == quiet


def test_at_night_and_at_weekends_a_reminder_waits_for_nine_on_the_next_working_day() -> None:
    assert next_moment(riga("2026-11-27 14:00"), RIGA) == riga("2026-11-27 14:00")
    assert next_moment(riga("2026-11-27 06:00"), RIGA) == riga("2026-11-27 09:00")
    assert next_moment(riga("2026-11-27 20:00"), RIGA) == riga("2026-11-30 09:00")


def test_where_the_calendar_skips_a_day_its_round_is_skipped_too() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no Friday, 30 December 2011
    thursday = datetime(2011, 12, 29, 21, 0, tzinfo=apia)
    assert next_round(thursday, apia) == datetime(2012, 1, 2, 9, 0, tzinfo=apia)


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, after=MOMENTS)
def test_nobody_is_written_to_in_quiet_hours_and_each_working_day_has_one_round(
    zone: ZoneInfo, after: datetime
) -> None:
    at = next_moment(after, zone)
    assert at >= after
    assert not is_quiet(at, zone)
    assert at < useless_from(at, zone) <= at + timedelta(hours=13)  # an hour more than that, if the clock is set back
    first, second = next_round(after, zone), next_round(next_round(after, zone) + timedelta(seconds=1), zone)
    assert first.astimezone(zone).date() < second.astimezone(zone).date()
    assert round_of(first, zone) == first
    assert round_of(first - timedelta(seconds=1), zone) != first
    skipped = {(first + timedelta(days=days)).astimezone(zone) for days in range(1, (second - first).days)}
    assert all(is_quiet(on_a_day.replace(hour=12), zone) for on_a_day in skipped)
    assert first.astimezone(zone).time() == time(9) or moved_by_a_gap(first, zone)


@settings(max_examples=many(300), deadline=None)
@given(zone=ZONES, queued_at=MOMENTS)
def test_the_day_of_a_reminder_and_when_it_was_queued_tell_when_it_is_due(zone: ZoneInfo, queued_at: datetime) -> None:
    at = next_moment(queued_at, zone)
    assert due_on(at.astimezone(zone).date(), queued_at, zone) == at


def moved_by_a_gap(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock changes within the day before a moment."""
    return len({(moment - timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(25)}) > 1
