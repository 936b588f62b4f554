"""Clock changes in every IANA zone: what is typed, what a change of the zone keeps, when digests come."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.domain.cadence import Cadence, Frequency, next_due
from core.domain.moments import parse_moment
from core.domain.windows import MINUTE, Window, keep_wall_clock
from core.domain.zones import zone_names
from core.errors import TimeSkipped
from tests.support.selection import many

NAMES = sorted(zone_names().values())
ZONES = st.sampled_from(NAMES).map(ZoneInfo)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
AROUND = st.integers(-26 * 60, 26 * 60).map(lambda minutes: minutes * MINUTE)  # no clock change jumps over more
STEP = timedelta(days=7)


@cache
def clock_changes(name: str) -> list[datetime]:
    """Find the first minute (UTC) after each clock change, in steps of a week."""
    zone, at, found = ZoneInfo(name), FIRST, []
    while at < LAST:
        if offset(at, zone) != offset(at + STEP, zone):
            found.append(changed_between(at, at + STEP, zone))
        at += STEP
    return found


def changed_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    while high - low > MINUTE:
        middle = low + (high - low) // (2 * MINUTE) * MINUTE
        low, high = (middle, high) if offset(middle, zone) == offset(low, zone) else (low, middle)
    return high


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return shown(moment, zone) - moment.replace(tzinfo=None)


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """Read the zone's clock, to the minute that people see."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0)


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """Draw a zone that changes its clock, and a moment within a day or so of a change."""
    name = draw(st.sampled_from(NAMES))
    assume(clock_changes(name))
    return ZoneInfo(name), draw(st.sampled_from(clock_changes(name))) + draw(AROUND)


def typed(wall: datetime, zone: ZoneInfo) -> datetime:
    return parse_moment(f"{wall:%Y-%m-%d %H:%M}", zone, NOW).instant


def refused(wall: datetime, zone: ZoneInfo) -> TimeSkipped | None:
    """Type a time; give the refusal, if it is one."""
    try:
        typed(wall, zone)
    except TimeSkipped as skipped:
        return skipped
    return None


@settings(max_examples=many(200), deadline=None)
@given(near=near_a_change())
def test_what_a_clock_shows_can_be_typed_and_means_the_first_time_that_it_shows_it(
    near: tuple[ZoneInfo, datetime],
) -> None:
    zone, moment = near
    wall = shown(moment, zone)
    read = parse_moment(f"{wall:%Y-%m-%d %H:%M}", zone, NOW)
    showing = [one for one in around(moment) if shown(one, zone) == wall]
    assert read.instant == showing[0]
    assert read.repeated == (wall if len(showing) > 1 else None)


def around(moment: datetime) -> list[datetime]:
    """Give every minute of the three days around a moment."""
    return [moment + minutes * MINUTE for minutes in range(-26 * 60, 26 * 60 + 1)]


@settings(max_examples=many(200), deadline=None)
@given(near=near_a_change(), later=AROUND)
def test_what_no_clock_shows_is_refused_with_the_nearest_ones_that_can_be_typed(
    near: tuple[ZoneInfo, datetime], later: timedelta
) -> None:
    zone, moment = near
    wall = shown(moment, zone) + later
    if not (skipped := refused(wall, zone)):
        assert shown(typed(wall, zone), zone) == wall
        return
    assert skipped.before < wall < skipped.after
    assert typed(skipped.after, zone) - typed(skipped.before, zone) == MINUTE
    assert wall not in [shown(one, zone) for one in around(typed(skipped.after, zone))]


@settings(max_examples=many(300), deadline=None)
@given(near=near_a_change(), new=ZONES, minutes=st.integers(1, 60 * 24 * 400))
def test_another_zone_keeps_what_the_clock_shows_wherever_it_can(
    near: tuple[ZoneInfo, datetime], new: ZoneInfo, minutes: int
) -> None:
    old, start = near
    window = Window(starts_at=start, ends_at=start + minutes * MINUTE)
    kept = keep_wall_clock(window, old, new)
    assert kept.starts_at < kept.ends_at
    for before, after in ((window.starts_at, kept.starts_at), (window.ends_at, kept.ends_at)):
        wall = shown(before, old)
        if skipped := refused(wall, new):
            expected = wall + (skipped.after - skipped.before - MINUTE)  # it moves on by the gap
            assert shown(after, new) == expected or moved_along(window, kept, before)
        else:
            assert after == typed(wall, new) or moved_along(window, kept, before)


def moved_along(window: Window, kept: Window, moment: datetime) -> bool:
    """The end would come before the start: the window keeps its length instead."""
    return moment == window.ends_at and kept.ends_at - kept.starts_at == window.ends_at - window.starts_at


@settings(max_examples=many(200), deadline=None)
@given(near=near_a_change(), at=TIMES)
def test_a_daily_digest_comes_once_for_each_day_over_every_clock_change(
    near: tuple[ZoneInfo, datetime], at: time
) -> None:
    zone, moment = near
    dues = coming(Cadence(frequency=Frequency.DAILY, at=at), zone, moment - timedelta(days=4), 9)
    offsets = [due.astimezone(zone).utcoffset() or timedelta() for due in dues]
    changed, day = max(offsets) - min(offsets), timedelta(days=1)
    assert all(day - changed <= later - earlier <= day + changed for earlier, later in pairwise(dues))
    assert dues == sorted(set(dues))
    unmoved = [due for due in dues if shown(due, zone).time() == at]
    assert len(unmoved) >= len(dues) - 1  # one clock change can skip one day's time
    assert len({shown(due, zone).date() for due in unmoved}) == len(unmoved)


@settings(max_examples=many(100), deadline=None)
@given(zone=ZONES, at=TIMES, day=st.integers(28, 31), year=st.integers(2012, 2039))
def test_a_monthly_digest_comes_once_in_each_month_on_its_last_day_where_the_day_is_missing(
    zone: ZoneInfo, at: time, day: int, year: int
) -> None:
    after = typed(datetime(year, 1, 1, 12), zone)  # noqa: DTZ001 - as a clock shows
    for month, due in enumerate(coming(Cadence(frequency=Frequency.MONTHLY, at=at, day=day), zone, after, 12), start=1):
        expected = datetime.combine(datetime(year, month, min(day, monthrange(year, month)[1])), at)  # noqa: DTZ001 - as a clock shows
        assert (
            timedelta(0) <= shown(due, zone) - expected <= timedelta(hours=2)
        )  # a gap moves it on; Troll's is the longest


def coming(cadence: Cadence, zone: ZoneInfo, after: datetime, count: int) -> list[datetime]:
    """Give the next moments when a digest is due."""

    def each() -> Iterator[datetime]:
        due = after
        while True:
            due = next_due(cadence, zone, due)
            yield due

    return list(islice(each(), count))


@pytest.mark.parametrize("name", NAMES)
def test_every_zone_has_a_clock_that_can_be_read_and_typed(name: str) -> None:
    zone = ZoneInfo(name)
    assert typed(shown(NOW, zone), zone) == NOW


def test_a_window_between_two_equal_clock_times_keeps_its_duration_in_a_zone_that_shows_them_once() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    kept = keep_wall_clock(Window(starts_at=first, ends_at=second), ZoneInfo("Europe/Riga"), ZoneInfo("Europe/Berlin"))
    once = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    assert kept == Window(starts_at=once, ends_at=once + (second - first))
