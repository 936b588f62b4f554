"""Moments and windows as people type them, in the account's time zone.

What the product writes as a moment is read back as the same moment, in any of its languages.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.text import key, plain
from core.domain.windows import (
    LAST_MINUTE,
    LAST_SECOND,
    MINUTE,
    TypedMoment,
    Window,
    check_aware,
    end_of_day,
    from_wall,
    months_later,
    on_wall,
)
from core.errors import NoSuchDay, TimeNotUnderstood, WindowNotUnderstood
from core.language import cities, months, with_distance

DATE = re.compile(
    r"(?P<Y>[12]\d{3})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>[12]\d{3})"
    r"|(?P<nth>\d{1,2}) (?P<name>[^\W\d_]{3,12})\.?(?: (?P<of>[12]\d{3}))?"  # as moments are written for people
)
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: UTC(?P<ahead>[-+]\d{1,2})(?::(?P<rest>[0-5]\d))?)?"
TYPED = re.compile(rf"(?P<date>{DATE.pattern})(?:[ T]{CLOCK})?", re.IGNORECASE)
PLACED = re.compile(r"(?P<moment>.*\S) ?\((?P<city>[^()]*)\)")
# ASCII, because IGNORECASE would otherwise match the dotless ı as an i.
RELATIVE = re.compile(r"\+ ?(\d{1,4}) ?(minute|hour|day|week|month|year)s?", re.IGNORECASE | re.ASCII)
LAST_YEAR = 3000  # far enough below datetime.max that time-zone arithmetic cannot overflow
BETWEEN = re.compile(r" - ")  # in plain typography: phones turn such a hyphen into a dash

ELAPSED = {"minute": MINUTE, "hour": 60 * MINUTE}
CALENDAR: dict[str, Callable[[datetime, int], datetime]] = {
    "day": lambda wall, count: wall + timedelta(days=count),
    "week": lambda wall, count: wall + timedelta(weeks=count),
    "month": months_later,
    "year": lambda wall, count: months_later(wall, 12 * count),
}


@dataclass(frozen=True, kw_only=True)
class TypedWindow:
    """A typed window; `repeated` holds those of its wall-clock times (naive) that occur twice."""

    window: Window
    repeated: tuple[datetime, ...]


def parse_moment(text: str, zone: ZoneInfo, now: datetime) -> TypedMoment:
    """Parse `2026-11-24 09:00`, `24.11.2026` (midnight), `now`, `+2 weeks`, or as moments are written for people.

    That is `24 Dec 18:00 (Riga)`, where no year means the current one. Days and longer units keep the wall-clock time;
    hours and minutes are elapsed time. Raises TimeNotUnderstood, NoSuchDay, TimeSkipped.
    """
    text = without_city(text, zone)
    if relative := RELATIVE.fullmatch(text):
        return TypedMoment(instant=_later(this_minute(now), int(relative[1]), relative[2].lower(), zone))
    return _absolute(text, zone, now)


def parse_end(text: str, zone: ZoneInfo, now: datetime, *, since: datetime | None = None) -> TypedMoment:
    """Parse an end as `parse_moment` does; a date alone, and days or longer after `since` (None: now), include the day.

    23:59, typed or implied, means its last second, so that no part of the day is missing; any other minute means its
    beginning. Raises whatever `parse_moment` raises.
    """
    text = without_city(text, zone)
    if relative := RELATIVE.fullmatch(text):
        unit = relative[2].lower()
        instant = _later(since or this_minute(now), int(relative[1]), unit, zone)
        whole = unit not in ELAPSED
        return TypedMoment(instant=end_of_day(_wall(instant, zone), zone) if whole else instant)
    typed = _absolute(text, zone, now)
    if (date := TYPED.fullmatch(text)) and not date["hour"]:
        return TypedMoment(instant=end_of_day(_wall(typed.instant, zone), zone))
    last = _wall(typed.instant, zone).time() == LAST_MINUTE
    return replace(typed, instant=typed.instant + LAST_SECOND) if last else typed


def parse_window(text: str, zone: ZoneInfo, now: datetime) -> TypedWindow:
    """Parse `START - END`; a relative end counts from the start.

    Raises WindowNotUnderstood, EndBeforeStart and whatever `parse_moment` raises.
    """
    parts = BETWEEN.split(plain(text))
    if len(parts) != 2:  # noqa: PLR2004 - a start and an end
        raise WindowNotUnderstood(text.strip())
    start = parse_moment(parts[0], zone, now)
    end = parse_end(parts[1], zone, now, since=start.instant)
    return TypedWindow(
        window=Window(starts_at=start.instant, ends_at=end.instant),
        repeated=tuple(moment.repeated for moment in (start, end) if moment.repeated),
    )


def typed_form(instant: datetime, zone: ZoneInfo) -> str:
    """Write a moment in a form in which it can be typed: `2026-11-24 09:00`."""
    local = instant.astimezone(zone)
    return with_distance(f"{local:%Y-%m-%d %H:%M}", local)


def this_minute(now: datetime) -> datetime:
    """Return the beginning of the minute (UTC): moments are shown to the minute."""
    return check_aware(now).replace(second=0, microsecond=0)


def without_city(text: str, zone: ZoneInfo) -> str:
    """Return a typed text in plain typography, without the city of the zone that follows moments in the chat."""
    text = plain(text)
    placed = PLACED.fullmatch(text)
    return placed["moment"] if placed and key(placed["city"]) in {key(city) for city in cities(zone)} else text


def read_day(text: str, *, year: int) -> datetime:
    """Parse `2026-12-24`, `24.12.2026`, `24 Dec 2026` or, in that year, `24 Dec`; return its midnight (naive).

    Raises TimeNotUnderstood, NoSuchDay.
    """
    if not (date := DATE.fullmatch(text)):
        raise TimeNotUnderstood(text)
    named = date["name"] is not None
    month = months().get(date["name"].casefold()) if named else int(date["m"] or date["month"])
    if month is None:
        raise TimeNotUnderstood(text)
    try:
        return datetime(  # noqa: DTZ001 - a wall clock's
            int((date["of"] or year) if named else (date["Y"] or date["year"])),
            month,
            int(date["nth"] or date["d"] or date["day"]),
        )
    except ValueError:
        raise NoSuchDay(text) from None


def on_the_wall(typed: re.Match[str], *, year: int) -> datetime:
    """Return the wall-clock time (naive) of a match of TYPED, midnight if it is a date alone.

    Raises TimeNotUnderstood, NoSuchDay, and ValueError if the clock has no such time.
    """
    return read_day(typed["date"], year=year).replace(hour=int(typed["hour"] or 0), minute=int(typed["minute"] or 0))


def _absolute(text: str, zone: ZoneInfo, now: datetime) -> TypedMoment:
    if text.casefold() == "now":
        return TypedMoment(instant=this_minute(now))
    if not (typed := TYPED.fullmatch(text)):
        raise TimeNotUnderstood(text)
    try:
        wall = on_the_wall(typed, year=_wall(now, zone).year)
        return _at_distance(typed, wall, zone) if typed["ahead"] else from_wall(wall, zone)
    except (ValueError, OverflowError):
        raise TimeNotUnderstood(text) from None


def _at_distance(typed: re.Match[str], wall: datetime, zone: ZoneInfo) -> TypedMoment:
    """Return the moment that is so far ahead of UTC. Raises ValueError if the zone's clock then shows another time."""
    minutes = 60 * abs(int(typed["ahead"])) + int(typed["rest"] or 0)
    instant = (wall - minutes * (-MINUTE if typed["ahead"].startswith("-") else MINUTE)).replace(tzinfo=UTC)
    if _wall(instant, zone) != wall:
        message = "the zone is never so far from UTC at this time"
        raise ValueError(message)
    return TypedMoment(instant=instant)


def _later(since: datetime, count: int, unit: str, zone: ZoneInfo) -> datetime:
    try:
        if unit in ELAPSED:
            return check_aware(since) + count * ELAPSED[unit]
        moved = CALENDAR[unit](_wall(since, zone), count)
        if moved.year >= LAST_YEAR:
            raise TimeNotUnderstood(_relative(count, unit))
        return on_wall(moved, moved.time(), zone)
    except (ValueError, OverflowError):
        raise TimeNotUnderstood(_relative(count, unit)) from None


def _relative(count: int, unit: str) -> str:
    return f"+{count} {unit}"


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the zone's clock shows (naive)."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
