"""How each language writes moments, durations and cities, and which language somebody gets."""

from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.domain.zones import zone_names
from core.language import Language, Languages

RIGA, UTC_ZONE = ZoneInfo("Europe/Riga"), ZoneInfo("UTC")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"

msgid "Sign up"
msgstr "{sign_up}"

msgid "%(number)s day"
msgid_plural "%(number)s days"
msgstr[0] "{one}"
msgstr[1] "{many}"
"""


@pytest.fixture
def languages(tmp_path: Path) -> Languages:
    for code, sign_up in {"ru": "Регистрация", "es": "Inscribirse", "pt_BR": "Inscrever-se"}.items():
        catalogue = CATALOGUE.format(sign_up=sign_up, one="one", many="many")
        (tmp_path / f"{code}.po").write_text(catalogue, encoding="utf-8")
    return Languages(tmp_path)


def english() -> Language:
    return Language("en", NullTranslations())


def language(code: str) -> Language:
    return Language(code, NullTranslations())


def test_there_is_english_and_a_language_for_each_catalogue(languages: Languages) -> None:
    assert set(languages.all) == {"en", "es", "pt_BR", "ru"}


def test_a_catalogue_translates(languages: Languages) -> None:
    russian = languages.all["ru"]
    assert russian.gettext("Sign up") == "Регистрация"
    assert [russian.ngettext("%(number)s day", "%(number)s days", number) for number in (1, 2)] == ["one", "many"]


def test_nothing_is_nothing_in_every_language_and_not_the_header_of_its_catalogue(languages: Languages) -> None:
    for language in languages.all.values():
        assert language.gettext("") == language.ngettext("", "", 2) == ""


def test_english_says_what_the_source_says(languages: Languages) -> None:
    assert languages.all["en"].gettext("Sign up") == "Sign up"


def test_a_folder_without_catalogues_speaks_english(tmp_path: Path) -> None:
    assert Languages(tmp_path).choose(["ru"]).code == "en"


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["ru"], "ru"),
        (["ru-RU"], "ru"),
        (["es_419"], "es"),
        (["RU"], "ru"),
        (["Es-MX"], "es"),
        (["pt-BR"], "pt_BR"),
        (["pt-br"], "pt_BR"),
        (["fr", "es", "ru"], "es"),
        (["zh-Hans-CN"], "en"),
        (["fr"], "en"),
        ([], "en"),
        ([""], "en"),
        (["-"], "en"),
        (["*"], "en"),
        (["ru;q=0.8"], "en"),
        (["x" * 1000, "\x00", "es"], "es"),
    ],
)
def test_somebody_gets_the_first_wanted_language_that_there_is(
    languages: Languages, wanted: list[str], chosen: str
) -> None:
    assert languages.choose(wanted).code == chosen


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 12, 24, 16, tzinfo=UTC), "24 Dec 18:00"),
        (datetime(2027, 1, 4, 7, 5, tzinfo=UTC), "4 Jan 2027 09:05"),
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), "1 Jan 2027 00:30"),
    ],
)
def test_a_moment_is_written_by_the_zones_clock_with_the_year_where_it_is_another(at: datetime, written: str) -> None:
    assert english().moment(at, RIGA, now=NOW) == written


def test_a_moment_is_written_in_the_language() -> None:
    assert language("ru").moment(datetime(2026, 12, 24, 16, tzinfo=UTC), RIGA, now=NOW) == "24 дек. 18:00"


def test_a_wall_clock_time_is_written_as_it_stands() -> None:
    assert english().wall(datetime(2026, 3, 29, 3, 15)) == "29 Mar 2026 03:15"  # noqa: DTZ001 - a wall clock's time


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(days=31), "31 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, hours=13), "2 days"),
        (timedelta(hours=23, minutes=20), "23 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(seconds=1), "1 minute"),
        (timedelta(0), "1 minute"),
    ],
)
def test_a_duration_is_written_in_the_largest_unit_that_it_fills(length: timedelta, written: str) -> None:
    assert english().duration(length) == written


@pytest.mark.parametrize(("days", "written"), [(1, "1 день"), (3, "3 дня"), (31, "31 день"), (11, "11 дней")])
def test_a_duration_takes_the_plural_of_its_language(days: int, written: str) -> None:
    assert language("ru").duration(timedelta(days=days)) == written


def test_a_zone_is_written_by_its_city() -> None:
    assert [language(code).city(RIGA) for code in ("en", "ru", "es")] == ["Riga", "Рига", "Riga"]


def test_utc_has_no_city() -> None:
    assert english().city(UTC_ZONE) == "UTC"


@pytest.mark.parametrize("code", ["en", "ru", "es"])
def test_every_zone_that_may_be_chosen_can_be_written(code: str) -> None:
    assert all(language(code).city(ZoneInfo(name)) for name in zone_names().values())
