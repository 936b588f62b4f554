"""Time zones as people name them: by a place. Distances from UTC and abbreviations are answered with places."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.domain.text import plain
from core.errors import UnknownZone, ZoneNotPlace
from core.language import well_known_zones, zones_by_city

MINUTE = timedelta(minutes=1)
MOST_PLACES = 12
# Etc/GMT+3 is three hours *behind* UTC (the tz database keeps POSIX' signs), the opposite of what people mean by GMT+3.
OPPOSITE = re.compile(r"etc/(?:gmt|utc)([+-])(\d{1,2})", re.ASCII | re.IGNORECASE)
OFFSET = re.compile(r"(?:utc|gmt|z)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.ASCII | re.IGNORECASE)
ABBREVIATION = re.compile(r"[a-z]{2,5}", re.ASCII | re.IGNORECASE)
FARTHEST = 14 * 60  # minutes; Pacific/Kiritimati


@dataclass(frozen=True, kw_only=True)
class _Clock:
    """What a zone's clock is called in a half of the year, and its minutes ahead of UTC."""

    abbreviation: str
    minutes: int


@cache
def zone_names() -> dict[str, str]:
    """Return the IANA zones that a person may choose, which are places or UTC: case-folded name -> name."""
    known = available_timezones()
    return {name.casefold(): name for name in known if name == "UTC" or ("/" in name and not name.startswith("Etc/"))}


def find_zone(text: str, now: datetime) -> ZoneInfo:
    """Find an IANA zone by its name, or by its city alone, in any language, if that is unambiguous; ignoring case.

    Raises ZoneNotPlace for a distance from UTC or an abbreviation, such as `GMT+3`, `+03:00`, `MSK` or `Etc/GMT-3`,
    with places where it is `now` so; and UnknownZone.
    """
    text, meant = text.strip(), plain(text)  # a refusal quotes what was typed
    wanted = meant.replace(" ", "_").casefold()
    names = zone_names()
    if wanted in names:
        return ZoneInfo(names[wanted])
    cities = [name for key, name in names.items() if key.rsplit("/", 1)[-1] == wanted]
    if len(cities) == 1:
        return ZoneInfo(cities[0])
    if (called := meant.casefold()) in (local := zones_by_city(tuple(sorted(names.values())))):
        return ZoneInfo(local[called])
    if offers := _offers(meant, now):
        raise ZoneNotPlace(text, offers)
    by_city = {key.rsplit("/", 1)[-1]: name for key, name in names.items()}
    alike = [by_city[key] for key in get_close_matches(wanted.rsplit("/", 1)[-1], by_city, 3, 0.7)]
    raise UnknownZone(text, tuple(sorted(cities) or alike))


def _offers(text: str, now: datetime) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return the places to offer instead of a distance or an abbreviation, by minutes ahead of UTC; empty for others.

    A zone under Etc/ offers the places of its own distance and of the opposite one, because either may be meant.
    """
    if opposite := OPPOSITE.fullmatch(text):
        minutes = _minutes(opposite[1], opposite[2], None)
        wanted = [-minutes, minutes] if minutes else [0]
    elif offset := OFFSET.fullmatch(text.replace(" ", "")):
        wanted = [_minutes(offset[1], offset[2], offset[3])]
    elif ABBREVIATION.fullmatch(bare := text.casefold().removeprefix("etc/")):
        return _called(bare, now)
    else:
        return ()
    return tuple((minutes, _places_at(minutes, now)) for minutes in wanted if abs(minutes) <= FARTHEST)


def _minutes(sign: str, hours: str, minutes: str | None) -> int:
    return int(f"{sign}1") * (60 * int(hours) + int(minutes or 0))


def _places_at(minutes: int, now: datetime) -> tuple[str, ...]:
    """List well-known places where the clock is now so far ahead of UTC; places of any kind if none is well known."""
    for names in (well_known_zones(), sorted(zone_names().values())):
        if found := [name for name in names if _clock(name, now).minutes == minutes]:
            return _a_few(found)
    return ()


def _called(abbreviation: str, now: datetime) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """List the places whose clocks have this name at some time of the year, by minutes ahead of UTC at that time."""
    halves = [datetime(now.year, month, 1, tzinfo=UTC) for month in (1, 7)]
    for names in (well_known_zones(), sorted(zone_names().values())):
        found: dict[int, list[str]] = defaultdict(list)
        for name in names:
            clocks = {_clock(name, half) for half in halves}
            for minutes in {clock.minutes for clock in clocks if clock.abbreviation.casefold() == abbreviation}:
                found[minutes].append(name)
        if found:
            return tuple((minutes, _a_few(found[minutes])) for minutes in sorted(found))
    return ()


def _a_few(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first names, UTC last: a place is what was asked for."""
    return tuple(sorted(names, key=lambda name: name == "UTC")[:MOST_PLACES])


def _clock(name: str, at: datetime) -> _Clock:
    local = at.astimezone(ZoneInfo(name))
    return _Clock(abbreviation=local.tzname() or "", minutes=(local.utcoffset() or timedelta()) // MINUTE)
