"""Whose national phone numbers need no country code, by the account's zone."""

from zoneinfo import ZoneInfo

import pytest

from core.language import region


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Riga", "LV"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Eastern", "US"),
        ("UTC", None),
        ("Etc/GMT+3", None),
    ],
)
def test_a_zone_tells_the_country(zone: str, country: str | None) -> None:
    assert region(ZoneInfo(zone)) == country
