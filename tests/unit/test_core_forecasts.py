"""When a profile is full at its pace: a plain mean, and nothing where there is too little to go by."""

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.forecasts import Forecast, forecast

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def test_places_are_taken_as_fast_as_in_the_days_before() -> None:
    found = forecast(left=4, sign_ups=10, since=NOW - timedelta(days=5), now=NOW)
    assert found == Forecast(full_at=NOW + timedelta(days=2), a_day=2.0, days=5)


@pytest.mark.parametrize(("left", "sign_ups", "days"), [(4, 4, 5), (4, 10, 2.99), (None, 10, 5), (0, 10, 5)], ids=str)
def test_nothing_is_foretold_from_thin_data_or_where_nothing_can_fill_up(
    left: int | None, sign_ups: int, days: float
) -> None:
    assert forecast(left=left, sign_ups=sign_ups, since=NOW - timedelta(days=days), now=NOW) is None


def test_five_sign_ups_in_three_days_are_enough() -> None:
    assert forecast(left=1, sign_ups=5, since=NOW - timedelta(days=3), now=NOW) is not None
