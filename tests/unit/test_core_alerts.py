"""Which sign-ups are a rush: those in minutes with many, and none before and after."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from core.domain.alerts import RUSH, rush_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def at(*seconds: float) -> list[datetime]:
    return [NOON + timedelta(seconds=each) for each in sorted(seconds)]


def every(seconds: float, number: int, begin: float = 0) -> Iterable[float]:
    return (begin + seconds * each for each in range(number))


def test_a_rush_begins_and_ends_where_so_many_came_within_a_minute() -> None:
    moments = at(-600, *every(2, RUSH), 600)
    assert rush_at(moments, NOON + timedelta(seconds=50)) == (NOON, NOON + timedelta(seconds=2 * (RUSH - 1)))


def test_one_less_is_none_and_so_many_in_a_full_minute_neither() -> None:
    told = NOON + timedelta(seconds=60)
    assert rush_at(at(*every(1, RUSH - 1)), told) is None
    assert rush_at(at(*every(60 / (RUSH - 1), RUSH)), told) is None


def test_a_rush_that_goes_on_after_the_alert_is_one() -> None:
    moments = at(*every(1, 300))
    assert rush_at(moments, NOON + timedelta(seconds=30)) == (NOON, moments[-1])


def test_of_two_rushes_the_one_of_the_alert_is_meant() -> None:
    second = NOON + timedelta(seconds=600)
    moments = at(*every(1, RUSH), *every(1, RUSH, begin=600))
    length = timedelta(seconds=RUSH - 1)
    assert rush_at(moments, NOON + length) == (NOON, NOON + length)
    assert rush_at(moments, second + length) == (second, second + length)
    assert rush_at(moments, second - timedelta(seconds=300)) is None
