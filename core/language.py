"""Languages: an edge's catalogues of sentences, and how moments and durations are written. No sentence lives here.

English is the source language; `<code>.po` files beside it are compiled in memory, once a process.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global, negotiate_locale
from babel.dates import format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from babel.units import format_unit

SOURCE = "en"
UNITS = (
    ("duration-day", timedelta(days=1)),
    ("duration-hour", timedelta(hours=1)),
    ("duration-minute", timedelta(minutes=1)),
)


NOWHERE = frozenset({"001", "ZZ"})  # CLDR's "the world" and "unknown": a zone such as UTC, of no country
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # CLDR's groups and unknown places


@cache
def countries(code: str) -> Mapping[str, str]:
    """Name the countries (ISO 3166 alpha-2) in a language, in the order of their names."""
    named = Locale.parse(code).territories
    found = {key: name for key, name in named.items() if len(key) == 2 and key.isalpha() and key not in NO_COUNTRIES}  # noqa: PLR2004 - alpha-2
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def region(zone: ZoneInfo) -> str | None:
    """Give the country of the account's zone, whose national phone numbers need no country code."""
    key = get_global("zone_aliases").get(zone.key, zone.key)
    territory = get_global("zone_territories").get(key, "ZZ")
    return None if territory in NOWHERE else str(territory)


class Language:
    """One language of one edge."""

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext

    def moment(self, at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
        """Write a moment as the zone's clock shows it: `24 Dec 18:00`, with the year where it is not this one."""
        same_year = at.astimezone(zone).year == now.astimezone(zone).year
        pattern = "d MMM HH:mm" if same_year else "d MMM y HH:mm"
        return format_datetime(at, pattern, tzinfo=zone, locale=self.locale)

    def wall(self, wall: datetime) -> str:
        """Write a wall-clock time (naive)."""
        return format_datetime(wall, "d MMM y HH:mm", locale=self.locale)

    def duration(self, length: timedelta) -> str:
        """Write a length of time in days, hours or minutes, the largest that it fills, rounded: `31 days`."""
        unit, one = next((named for named in UNITS if length >= named[1]), UNITS[-1])
        return format_unit(max(1, round(length / one)), unit, locale=self.locale)

    def city(self, zone: ZoneInfo) -> str:
        """Write a time zone by its city."""
        if zone.key == "UTC":
            return zone.key
        return get_timezone_location(zone, locale=self.locale, return_city=True)


class Languages:
    """All languages of one edge: English, and one for each catalogue in its folder."""

    def __init__(self, catalogues: Path) -> None:
        self._by_code = {SOURCE: Language(SOURCE, NullTranslations())}
        for file in sorted(catalogues.glob("*.po")):
            self._by_code[file.stem] = Language(file.stem, _compile(file))

    @property
    def all(self) -> Mapping[str, Language]:
        """Every language by its code."""
        return self._by_code

    def choose(self, wanted: Iterable[str]) -> Language:
        """Give the first wanted language that there is (`pt-BR` finds `pt`), else English."""
        codes = [code.replace("-", "_") for code in wanted]
        by_code = {code.lower(): language for code, language in self._by_code.items()}
        return by_code[(negotiate_locale(codes, list(by_code), sep="_") or SOURCE).lower()]


@cache  # a catalogue does not change while the program runs, and takes tenths of a second to read
def _compile(file: Path) -> Translations:
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=file.stem))
    compiled.seek(0)
    return Translations(compiled)
