"""Answers to typed times and periods that aren't valid: what is wrong, and what would be correct."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.wording.phrases import N_, Words, suggestions
from bot.wording.text import command, lines
from core import errors


def _skipped(words: Words, refused: errors.TimeSkipped) -> Markup:
    return words.say(
        "{time} does not exist: the clocks skip it. The nearest times are {before} and {after}.",
        time=words.language.wall(refused.wall),
        before=command(f"{refused.before:%Y-%m-%d %H:%M}"),
        after=command(f"{refused.after:%Y-%m-%d %H:%M}"),
    )


TIMES_TO_WRITE = N_("24 Dec 18:00; 31.12; tomorrow 9:00; until friday; in 2 weeks; 18:00; end of month; now")


def times_to_write(words: Words) -> Markup:
    """Return times as the person's language has them, each ready to copy."""
    return Markup(", ").join(map(command, words.language.gettext(TIMES_TO_WRITE).split("; ")))


def _time_not_understood(words: Words, refused: errors.TimeNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read the time “{text}”.", text=refused.text),
        suggestions(words, refused.nearest),
        words.say("These work: {times}", times=times_to_write(words)),
    )


def reading(words: Words, meant: errors.Reading) -> str:
    """Write one meaning of a text: a whole month or day as such, anything else as a moment."""
    day = meant.instant.astimezone(words.zone).date()
    match meant.unit:
        case "month":
            return words.language.month_name(day)
        case "day":
            return words.weekday_of(day)
    return words.weekday(meant.instant)


def _time_ambiguous(words: Words, refused: errors.TimeAmbiguous) -> Markup:
    meant = (Markup("{}: {}").format(reading(words, each), command(each.text)) for each in refused.readings)
    return lines(words.say("“{text}” can mean two times. Which one do you mean?", text=refused.text), *meant)


def _window_not_understood(words: Words, refused: errors.WindowNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read “{text}” as a start and an end.", text=refused.text),
        words.say(
            "Put a hyphen with spaces between them: {line}",
            line=command(words.line("/newprofile now - +2 weeks").striptags()),
        ),
    )


def _cadence_not_understood(words: Words, refused: errors.CadenceNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read “{text}” as a schedule. These work:", text=refused.text),
        *map(words.line, ("/digest daily 18:00", "/digest weekly mon 09:00", "/digest monthly 1 09:00")),
        *map(words.line, ("/digest now", "/digest off")),
    )


def _period_not_understood(words: Words, refused: errors.PeriodNotUnderstood) -> Markup:
    return lines(
        words.say("I can't read “{text}” as a period. These work:", text=refused.text),
        *map(words.line, ("/report today", "/report week", "/report last month", "/report november 2025")),
        *map(words.line, ("/report 30 days", "/report 2026-10-01 - 2026-10-31")),
    )


TIMES: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.TimeNotUnderstood: _time_not_understood,
    errors.TimeAmbiguous: _time_ambiguous,
    errors.NoSuchDay: lambda words, refused: words.say("There is no such day: {text}.", text=refused.text),
    errors.TimeSkipped: _skipped,
    errors.WindowNotUnderstood: _window_not_understood,
    errors.EndBeforeStart: lambda words, refused: words.say(
        "The end must be after the start: {end} is not after {start}.",
        start=words.echo(refused.starts_at),
        end=words.echo(refused.ends_at),
    ),
    errors.EndInPast: lambda words, refused: words.say(
        "The end must be in the future: {end} has passed.", end=words.echo(refused.ends_at)
    ),
    errors.CadenceNotUnderstood: _cadence_not_understood,
    errors.PeriodNotUnderstood: _period_not_understood,
    errors.PeriodAhead: lambda words, refused: words.say(
        "{since} is in the future: there is nothing to report yet.", since=words.echo(refused.since)
    ),
}
