"""Time zones as people name them."""

import pytest

from core.domain.windows import find_zone, zone_names
from core.errors import UnknownZone


@pytest.mark.parametrize("text", ["Europe/Riga", " europe/riga ", "EUROPE/RIGA", "Riga", "riga"])
def test_a_zone_is_found_by_its_name_or_its_city_in_any_case(text: str) -> None:
    assert find_zone(text).key == "Europe/Riga"


def test_a_zone_with_a_space_is_found() -> None:
    assert find_zone("America/New York").key == find_zone("new york").key == "America/New_York"


def test_utc_is_a_zone() -> None:
    assert find_zone("utc").key == "UTC"


def test_a_city_that_several_zones_have_names_them_all() -> None:
    with pytest.raises(UnknownZone) as refused:
        find_zone("Buenos Aires")
    assert refused.value.nearest == ("America/Argentina/Buenos_Aires", "America/Buenos_Aires")


def test_a_misspelt_zone_is_refused_with_what_was_probably_meant() -> None:
    with pytest.raises(UnknownZone) as refused:
        find_zone("Europe/Rigga")
    assert "Europe/Riga" in refused.value.nearest


@pytest.mark.parametrize("text", ["", "xyzzy", "../../etc/passwd", "EST", "\0", "/"])
def test_what_names_no_zone_is_refused(text: str) -> None:
    with pytest.raises(UnknownZone):
        find_zone(text)


@pytest.mark.parametrize("name", sorted(zone_names().values())[::25])
def test_every_zone_is_found_by_its_own_name(name: str) -> None:
    assert find_zone(name).key == name
