"""Time zones as people name them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service import LOCALES
from core.domain.zones import find_zone, zone_names
from core.errors import UnknownZone, ZoneNotPlace
from core.language import MOMENTS, Languages, well_known_zones

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def offered(text: str, now: datetime = NOW) -> dict[int, tuple[str, ...]]:
    with pytest.raises(ZoneNotPlace) as refused:
        find_zone(text, now)
    assert refused.value.text == text
    return dict(refused.value.offers)


def ahead(name: str, at: datetime) -> int:
    return (at.astimezone(ZoneInfo(name)).utcoffset() or timedelta()) // timedelta(minutes=1)


@pytest.mark.parametrize("text", ["Europe/Riga", " europe/riga ", "EUROPE/RIGA", "Riga", "riga"])
def test_a_zone_is_found_by_its_name_or_its_city_in_any_case(text: str) -> None:
    assert find_zone(text, NOW).key == "Europe/Riga"


def test_a_zone_with_a_space_is_found() -> None:
    assert find_zone("America/New York", NOW).key == find_zone("new york", NOW).key == "America/New_York"


def test_utc_is_a_zone() -> None:
    assert find_zone("utc", NOW).key == "UTC"


def test_a_city_that_several_zones_have_names_them_all() -> None:
    with pytest.raises(UnknownZone) as refused:
        find_zone("Buenos Aires", NOW)
    assert refused.value.nearest == ("America/Argentina/Buenos_Aires", "America/Buenos_Aires")


def test_a_misspelt_zone_is_refused_with_what_was_probably_meant() -> None:
    with pytest.raises(UnknownZone) as refused:
        find_zone("Europe/Rigga", NOW)
    assert "Europe/Riga" in refused.value.nearest


@pytest.mark.parametrize(
    "text", ["", "xyzzy", "../../etc/passwd", "QQQ", "\0", "/", "+", "+99", "GMT+20", "Etc/Nowhere"]
)
def test_what_names_no_zone_is_refused(text: str) -> None:
    with pytest.raises(UnknownZone):
        find_zone(text, NOW)


@pytest.mark.parametrize("name", sorted(zone_names().values())[::25])
def test_every_zone_is_found_by_its_own_name(name: str) -> None:
    assert find_zone(name, NOW).key == name


@pytest.mark.parametrize("text", ["GMT+3", "UTC+3", "utc +3", "+3", "+03:00", "+0300", "UTC+03", "gmt + 3"])
def test_a_distance_ahead_of_utc_is_answered_with_cities_that_are_so_far_ahead(text: str) -> None:
    offers = offered(text)
    assert list(offers) == [180]
    assert {"Europe/Moscow", "Europe/Istanbul", "Africa/Nairobi"} <= set(offers[180])


@pytest.mark.parametrize("text", ["UTC-5", "UTC−5", "UTC–5", "-05:00"])
def test_a_distance_behind_utc_is_answered_with_cities_behind_it(text: str) -> None:
    assert "America/New_York" in offered(text)[-300]


def test_a_distance_means_what_the_clocks_say_at_this_time_of_the_year() -> None:
    assert "America/New_York" not in offered("UTC-5", NOW.replace(month=7))[-300]


@given(minutes=st.integers(-14 * 60, 14 * 60), name=st.sampled_from(["UTC", "GMT", ""]), month=st.integers(1, 12))
def test_every_city_offered_for_a_distance_is_so_far_from_utc_in_the_same_direction(
    minutes: int, name: str, month: int
) -> None:
    now = NOW.replace(month=month)
    offers = offered(f"{name}{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02}", now)
    assert list(offers) == [minutes]
    assert all(ahead(city, now) == minutes for city in offers[minutes])


@pytest.mark.parametrize(
    ("abbreviation", "minutes", "city"),
    [
        ("MSK", 180, "Europe/Moscow"),
        ("EST", -300, "America/New_York"),
        ("edt", -240, "America/New_York"),
        ("CET", 60, "Europe/Berlin"),
        ("CEST", 120, "Europe/Berlin"),
        ("GMT", 0, "Europe/London"),
        ("IST", 330, "Asia/Kolkata"),
        ("IST", 120, "Asia/Jerusalem"),
    ],
)
def test_an_abbreviation_is_answered_with_the_cities_whose_clocks_have_it(
    abbreviation: str, minutes: int, city: str
) -> None:
    assert city in offered(abbreviation)[minutes]


def test_a_zone_under_etc_is_refused_with_cities_of_its_distance_and_of_the_opposite_one() -> None:
    offers = offered("Etc/GMT+3")
    assert list(offers) == [-180, 180]
    assert "America/Buenos_Aires" in offers[-180]
    assert "Europe/Moscow" in offers[180]


def test_no_zone_under_etc_can_be_chosen() -> None:
    assert not [name for name in zone_names() if name.startswith("etc/")]
    assert offered("Etc/UTC") == {0: ("UTC",)}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Рига", "Europe/Riga"),
        ("москва", "Europe/Moscow"),
        ("Londres", "Europe/London"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Нью-Йорк", "America/New_York"),
        ("Praga", "Europe/Prague"),
        ("Roma", "Europe/Rome"),
    ],
)
def test_a_city_is_known_by_its_name_in_every_language(text: str, zone: str) -> None:
    assert find_zone(text, NOW).key == zone


@pytest.mark.parametrize("code", MOMENTS)
def test_a_city_that_the_chat_shows_is_read_back_as_its_zone(code: str) -> None:
    language = Languages(LOCALES).all[code]
    for zone in map(ZoneInfo, well_known_zones()):
        with suppress(UnknownZone):  # another zone's city has the same name
            assert NOW.astimezone(find_zone(language.city(zone), NOW)).utcoffset() == NOW.astimezone(zone).utcoffset()
