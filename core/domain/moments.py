"""Moments and windows as people type them, in the account's time zone.

What the product writes as a moment is read back as the same moment, in any of its languages.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from core.domain.text import key, plain
from core.domain.time_words import UNTIL, meanings, spelled
from core.domain.typed_times import LONGEST, Counted, Later, OnWall, Unsure, read_time, unknown_words
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
from core.errors import NoSuchDay, Reading, TimeAmbiguous, TimeNotUnderstood, TimeSkipped, WindowNotUnderstood
from core.language import cities, with_distance

PLACED = re.compile(r"(?P<moment>.*\S) ?\((?P<city>[^()]*)\)")
FIRST_YEAR = 1000
LAST_YEAR = 3000  # far enough below datetime.max that time-zone arithmetic cannot overflow
BETWEEN = re.compile(r" - ")  # in plain typography: phones turn such a hyphen into a dash
UNTIL_WORD = re.compile(rf"(?:(?P<start>.+?) )?(?:{'|'.join(UNTIL)}) (?P<end>.+)", re.IGNORECASE)
ALIKE = 0.75  # of difflib's ratio

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
    """Parse `2026-11-24 09:00`, `24.11.` (midnight), `tomorrow 18:00`, `now`, `in 2 weeks`, or what the product writes.

    Dates without a year and weekdays mean the next ones. Days and longer units keep the wall-clock time; hours and
    minutes are elapsed time. Raises TimeNotUnderstood, NoSuchDay, TimeSkipped, and TimeAmbiguous for `5/6`.
    """
    return _understood(without_city(text, zone), lambda each: _start(each, zone, now))


def parse_end(text: str, zone: ZoneInfo, now: datetime, *, since: datetime | None = None) -> TypedMoment:
    """Parse an end as `parse_moment` does; a day alone, and days or longer after `since` (None: now), include the day.

    If the window begins later, at `since`, dates without a year, weekdays and a clock alone are the next ones from
    then on. 23:59, typed or implied, means its last second, so that no part of the day is missing; any other minute
    means its beginning. Raises whatever `parse_moment` raises.
    """
    counted_from = since or this_minute(now)
    return _understood(without_city(text, zone), lambda each: _end(each, zone, now, counted_from))


def parse_window(text: str, zone: ZoneInfo, now: datetime) -> TypedWindow:
    """Parse `START - END`, `START until END` or `until END`; a relative end counts from the start.

    Raises WindowNotUnderstood, EndBeforeStart and whatever `parse_moment` raises.
    """
    first, last = _ends(plain(text))
    start = parse_moment(first, zone, now)
    end = parse_end(last, zone, now, since=start.instant)
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


def _ends(text: str) -> tuple[str, str]:
    """Return the typed start and end of a window. Raises WindowNotUnderstood."""
    match BETWEEN.split(text):
        case [start, end]:
            return start, end
        case [_] if found := UNTIL_WORD.fullmatch(text):
            return found["start"] or "now", found["end"]
    raise WindowNotUnderstood(text)


def _understood(text: str, read: Callable[[str], TypedMoment]) -> TypedMoment:
    """Read a text; if it has several meanings, refuse it with those that are moments."""
    try:
        return read(text)
    except Unsure as unsure:
        readings = [found for form in unsure.forms if (found := _reading(form, read))]
        match readings:
            case []:
                raise TimeNotUnderstood(text) from None
            case [only]:
                return read(only.text)
        raise TimeAmbiguous(text, tuple(readings)) from None
    except TimeNotUnderstood as refused:
        raise TimeNotUnderstood(refused.text, _nearest(text, read)) from None


def _reading(form: str, read: Callable[[str], TypedMoment]) -> Reading | None:
    try:
        return Reading(text=form, instant=read(form).instant)
    except (TimeNotUnderstood, TimeSkipped):
        return None


def _nearest(text: str, read: Callable[[str], TypedMoment]) -> tuple[str, ...]:
    """Return the text with its unknown words replaced by similar known ones, if it can be read then."""
    meant = spelled(text[: LONGEST + 1])
    for word in unknown_words(meant):
        meant = meant.replace(word, next(iter(get_close_matches(word, meanings(), 1, ALIKE)), word))
    with suppress(TimeNotUnderstood, NoSuchDay, TimeSkipped, Unsure):
        read(meant)
        return (meant,)
    return ()


def _start(text: str, zone: ZoneInfo, now: datetime) -> TypedMoment:
    wall = _wall(now, zone)
    match _read(text, Counted(now=wall, since=wall)):
        case Later(count=count, unit=unit):
            return TypedMoment(instant=_later(this_minute(now), count, unit, zone))
        case OnWall() as typed:
            return _on_the_clock(text, typed, zone)
    return TypedMoment(instant=this_minute(now))


def _end(text: str, zone: ZoneInfo, now: datetime, since: datetime) -> TypedMoment:
    match _read(text, Counted(now=_wall(now, zone), since=_wall(max(since, now), zone))):
        case Later(count=count, unit=unit):
            instant = _later(since, count, unit, zone)
            return TypedMoment(instant=instant if unit in ELAPSED else end_of_day(_wall(instant, zone), zone))
        case OnWall(clock=None) as typed:
            return _last_of(text, typed, zone)
        case OnWall() as typed:
            return _to_the_last_second(_on_the_clock(text, typed, zone), zone)
    return _to_the_last_second(TypedMoment(instant=this_minute(now)), zone)


def _read(text: str, counted: Counted) -> Later | OnWall | None:
    try:
        return read_time(text, counted)
    except (ValueError, OverflowError):
        raise TimeNotUnderstood(text) from None


def _last_of(text: str, typed: OnWall, zone: ZoneInfo) -> TypedMoment:
    """Return the last second of a day. Raises TimeSkipped if the zone never had that day."""
    last = end_of_day(_in_range(text, typed), zone)
    if last.astimezone(zone).date() != typed.day:
        from_wall(datetime.combine(typed.day, time()), zone)
    return TypedMoment(instant=last)


def _to_the_last_second(typed: TypedMoment, zone: ZoneInfo) -> TypedMoment:
    last = _wall(typed.instant, zone).time() == LAST_MINUTE
    return replace(typed, instant=typed.instant + LAST_SECOND) if last else typed


def _on_the_clock(text: str, typed: OnWall, zone: ZoneInfo) -> TypedMoment:
    wall = datetime.combine(_in_range(text, typed), typed.clock or time())
    return from_wall(wall, zone) if typed.ahead is None else _at_distance(text, wall, typed.ahead, zone)


def _in_range(text: str, typed: OnWall) -> date:
    """Return the day. Raises TimeNotUnderstood if it is in no year that windows can be in."""
    if not FIRST_YEAR <= typed.day.year < LAST_YEAR:
        raise TimeNotUnderstood(text)
    return typed.day


def _at_distance(text: str, wall: datetime, ahead: int, zone: ZoneInfo) -> TypedMoment:
    """Return the moment that is so many minutes ahead of UTC.

    Raises TimeNotUnderstood if the zone's clock then shows another time, which another place than the account's has.
    """
    instant = (wall - ahead * MINUTE).replace(tzinfo=UTC)
    if ahead and _wall(instant, zone) != wall:
        raise TimeNotUnderstood(text)
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
