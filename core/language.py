"""Languages: an edge's message catalogues, and the formats of moments and durations. It contains no messages itself.

English is the source language; an edge's `<code>.po` files are compiled in memory, once a process.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global, negotiate_locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.languages import get_official_languages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from babel.units import format_unit

SOURCE = "en"
UNITS = (
    ("duration-day", timedelta(days=1)),
    ("duration-hour", timedelta(hours=1)),
    ("duration-minute", timedelta(minutes=1)),
)


WAITS = (*UNITS, ("duration-second", timedelta(seconds=1)))
MOMENTS = ("en", "es", "ru")  # the languages in which moments are written, and read back
DAYS = {
    "en": "d MMMM y",
    "es": "d 'de' MMMM 'de' y",
    "ru": "d MMMM y",
}  # the same languages' days with the month in full
MINUTE = timedelta(minutes=1)
NO_COUNTRY = frozenset({"001", "ZZ"})  # CLDR's "world" and "unknown region", for zones such as UTC
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # CLDR's groups, pseudo-locales and unknown


RENAMED = {  # CLDR keeps the names that zones had when it was begun
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
}


@cache
def well_known_zones() -> tuple[str, ...]:
    """Return the IANA names of the places that CLDR lets stand for their regions, about 130, sorted, and UTC."""
    names = set(get_global("windows_zone_mapping").values()) - {"Etc/UTC"}
    return tuple(sorted({RENAMED.get(name, name) for name in names if not name.startswith("Etc/")} | {"UTC"}))


@cache
def countries(code: str) -> Mapping[str, str]:
    """Return the countries, ISO 3166 alpha-2 code -> name in a language, sorted by name."""
    named = Locale.parse(code).territories
    found = {key: name for key, name in named.items() if len(key) == 2 and key.isalpha() and key not in NOT_COUNTRIES}  # noqa: PLR2004 - alpha-2
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def region(zone: ZoneInfo) -> str | None:
    """Return the ISO 3166 code of a time zone's country, or None; it is used to read phone numbers without a code."""
    key = get_global("zone_aliases").get(zone.key, zone.key)
    territory = get_global("zone_territories").get(key, "ZZ")
    return None if territory in NO_COUNTRY else str(territory)


def languages_of(country: str | None) -> tuple[str, ...]:
    """Return the official languages (ISO 639) of a country (ISO 3166), those of most people first."""
    return get_official_languages(country, regional=True, de_facto=True) if country else ()


@cache
def months() -> Mapping[str, int]:
    """Return the numbers of the months by their names, short and long, in all languages: case-folded, without dots."""
    forms = [Locale.parse(code).months[use] for code in MOMENTS for use in ("format", "stand-alone")]
    named = [form[width] for form in forms for width in ("abbreviated", "wide")]
    return {name.casefold().rstrip("."): number for names in named for number, name in names.items()}


@cache
def language_names(code: str) -> frozenset[str]:
    """Return what a language is called in all languages, with its code."""
    return frozenset({code, *(Locale.parse(each).languages[code] for each in MOMENTS)})


@cache
def cities(zone: ZoneInfo) -> frozenset[str]:
    """Return what the languages call a zone's city, case-folded."""
    return frozenset(_city(zone, Locale.parse(code)).casefold() for code in MOMENTS)


@cache
def zones_by_city(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the zones by what the languages call their cities, case-folded; cities of several zones are left out.

    Names that are kept for an earlier spelling of another zone's are left out too, unless CLDR itself has the earlier.
    """
    earlier = get_global("zone_aliases").keys() - RENAMED.values()
    found: dict[str, set[str]] = {}
    for name in names:
        if name not in earlier and name not in RENAMED:
            for city in cities(ZoneInfo(name)):
                found.setdefault(city, set()).add(name)
    return {city: next(iter(zones)) for city, zones in found.items() if len(zones) == 1}


def distance(minutes: int) -> str:
    """Write how far a clock is ahead of UTC: `UTC+3`, `UTC−5:30`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def with_distance(written: str, local: datetime) -> str:
    """Add the distance from UTC to a moment (aware, in its zone) that is the second one with its wall-clock time.

    Without it the first one is meant, wherever a moment is read.
    """
    return f"{written} {distance((local.utcoffset() or timedelta()) // MINUTE)}" if local.fold else written


def _city(zone: ZoneInfo, locale: Locale) -> str:
    return zone.key if zone.key == "UTC" else get_timezone_location(zone, locale=locale, return_city=True)


class Language:
    """One language of one edge: its translations and its formats."""

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self._translations = translations

    def gettext(self, sentence: str) -> str:
        """Return a sentence in the language; nothing for nothing, which in a catalogue is the msgid of its header."""
        return self._translations.gettext(sentence) if sentence else ""

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form of a sentence for a number; nothing for nothing, as `gettext` does."""
        return self._translations.ngettext(one, many, number) if one else ""

    @property
    def own_name(self) -> str:
        """What the language is called in itself, as a word that stands alone."""
        return str(self.locale.languages[self.code]).capitalize()

    @property
    def with_territory(self) -> str:
        """The language with the country in which most people speak it, such as `en_US`, as the Open Graph has it."""
        return f"{self.code}_{get_global('likely_subtags')[self.code].split('_')[-1]}"

    def day(self, at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
        """Format the day of a moment in the zone: `Sat 28 Nov`, with the year if it isn't the current one."""
        local = at.astimezone(zone)
        pattern = "EEE d MMM" if local.year == now.astimezone(zone).year else "EEE d MMM y"
        return format_datetime(local, pattern, tzinfo=zone, locale=self.locale)

    def full_moment(self, at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
        """Format a moment for people who may be elsewhere: `Thu 24 Dec, 18:00`."""
        return self._written(at, zone, now, "EEE d MMM{year}, HH:mm")

    def moment(self, at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
        """Format a moment in the zone's local time: `24 Dec 18:00`, without the year if it is today or later this year.

        So it is read back as the same moment, because a day without a year is read as the next one. The second of two
        moments with the same wall-clock time has its distance from UTC: `25 Oct 03:30 UTC+2`.
        """
        return self._written(at, zone, now, "d MMM{year} HH:mm")

    def moment_with_weekday(self, at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
        """Format a moment as `moment` does, with its weekday: `Thu 24 Dec 18:00`."""
        return self._written(at, zone, now, "EEE d MMM{year} HH:mm")

    def _written(self, at: datetime, zone: ZoneInfo, now: datetime, pattern: str) -> str:
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        later_this_year = today <= local.date() and local.year == today.year
        whole = pattern.format(year="" if later_this_year else " y")
        return with_distance(format_datetime(local, whole, tzinfo=zone, locale=self.locale), local)

    def calendar_day(self, day: date, *, today: date) -> str:
        """Format a day of the calendar: `24 Dec`, with the year if it isn't the current one."""
        return format_date(day, "d MMM" if day.year == today.year else "d MMM y", locale=self.locale)

    def weekday_of(self, day: date, *, today: date) -> str:
        """Format a day of the calendar with its weekday: `Thu 24 Dec`, with the year if it isn't the current one."""
        return format_date(day, "EEE d MMM" if day.year == today.year else "EEE d MMM y", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """Format days from the first to the last: `1 – 31 October 2026`; one alone if they are the same."""
        start, end = (format_date(day, DAYS[self.code], locale=self.locale) for day in (first, last))
        if first == last:
            return end
        return f"{first.day if (first.year, first.month) == (last.year, last.month) else start} – {end}"

    def decimal(self, number: float) -> str:
        """Format a number: `1.5`, or as the language has it `1,5`."""
        return str(format_decimal(number, locale=self.locale))

    def weekday_name(self, day: date) -> str:
        """Return a day's weekday, shortened: `Fri`."""
        name = format_date(day, "ccc", locale=self.locale)
        return name[:1].upper() + name[1:]

    def month_name(self, day: date) -> str:
        """Format a day's month: `Dec 2026`."""
        name = format_date(day, "LLL y", locale=self.locale).replace(".", "")
        return name[:1].upper() + name[1:]

    def weekday_names(self) -> list[str]:
        """Return the shortest usual names of the days of a week, from Monday."""
        names = self.locale.days["stand-alone"]["short"]
        return [str(names[number])[:2].capitalize() for number in range(7)]

    def wall(self, wall: datetime) -> str:
        """Format a wall-clock time (naive), always with the year."""
        return format_datetime(wall, "d MMM y HH:mm", locale=self.locale)

    def duration(self, length: timedelta) -> str:
        """Format a duration such as `31 days`, rounded to the largest of days, hours and minutes that fits into it."""
        unit, one = next((named for named in UNITS if length >= named[1]), UNITS[-1])
        return format_unit(max(1, round(length / one)), unit, locale=self.locale)

    def wait(self, length: timedelta) -> str:
        """Format how long to wait, such as `8 seconds` or `3 minutes`, rounded up."""
        unit, one = next((named for named in WAITS if length > named[1]), WAITS[-1])
        return format_unit(max(1, math.ceil(length / one)), unit, locale=self.locale)

    def city(self, zone: ZoneInfo) -> str:
        """Return the localised name of a zone's city."""
        return _city(zone, self.locale)


class Languages:
    """The languages of one edge: English, and one for each catalogue in its folder."""

    def __init__(self, catalogues: Path) -> None:
        self._by_code = {SOURCE: Language(SOURCE, NullTranslations())}
        for file in sorted(catalogues.glob("*.po")):
            self._by_code[file.stem] = Language(file.stem, _compile(file))

    @property
    def all(self) -> Mapping[str, Language]:
        """The languages by their codes."""
        return self._by_code

    def choose(self, wanted: Iterable[str]) -> Language:
        """Return the first of the wanted languages that exists (`pt-BR` matches `pt`), else English."""
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
