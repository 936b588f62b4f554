"""What pictures of sign-ups over time have in common: how intervals and profiles are named."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.screens.lettering import written
from bot.wording.phrases import Words
from core.domain.intervals import Intervals, Unit
from core.services.report_charts import Series


def ticks(words: Words, intervals: Intervals) -> tuple[str, ...]:
    """Name the intervals."""
    return tuple(_TICKS[intervals.unit](words, at) for at in intervals.starts)


def days(words: Words, intervals: Intervals) -> str:
    """Name the days that hours belong to; nothing under longer intervals, which name themselves."""
    if intervals.unit is not Unit.HOUR:
        return ""
    last = intervals.bounds[-1] - timedelta(microseconds=1)
    found = (words.weekday_of(at.astimezone(words.zone).date()) for at in (intervals.starts[0], last))
    return " – ".join(dict.fromkeys(found))


def name_of(words: Words, series: Series) -> str:
    """Return a profile's name, or its number if most of its letters can't be drawn."""
    if series.profile is None:
        return words.say("Others").unescape()
    number = series.profile.profile_id
    return written(series.profile.name) or words.say("Profile #{number}", number=number).unescape()


def _day(words: Words, at: datetime) -> str:
    return words.day(at.astimezone(words.zone).date())


_TICKS: Mapping[Unit, Callable[[Words, datetime], str]] = {
    Unit.HOUR: lambda words, at: f"{at.astimezone(words.zone):%H:%M}",
    Unit.DAY: _day,
    Unit.WEEK: _day,
    Unit.MONTH: lambda words, at: words.language.month_name(at.astimezone(words.zone).date()),
    Unit.YEAR: lambda words, at: f"{at.astimezone(words.zone):%Y}",
}
