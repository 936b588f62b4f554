"""The first lines of a report: its figures, its period, and how many learners are hidden."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.progress import steps
from bot.wording.rosters import missing
from core.domain.periods import Period, whole_days
from core.domain.tallies import Hidden
from core.services.reports import Report

TYPED = "%Y-%m-%d %H:%M"


def typed_period(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """Write a period as it is typed, short enough for a button."""
    return " - ".join(at.astimezone(zone).strftime(TYPED) for at in (since, until))


def totals(words: Words, found: Report) -> list[Markup]:
    """Return who signed up, how far they are, who is missing, in which time, and how many before, undone or hidden."""
    period, before = found.compared.period, found.compared.before
    total = sign_ups(words, found.joined, found.undone)
    far = [steps(words, found.steps)] if found.steps else []
    notes = [*given_back(words, found.returned - found.undone), *hidden(words, found)]
    return [
        Markup(" · ").join([Markup("<b>{}</b>").format(total), *far, *missing(words, found.expected)]),
        span(words, period),
        *([_compared(words, found, before)] if found.compared.is_telling else []),
        *([Markup(" · ").join(notes)] if notes else []),
    ]


def sign_ups(words: Words, joined: int, undone: int = 0) -> Markup:
    """Say how many signed up, and how many further sign-ups were undone."""
    total = words.count("{number} sign-up", "{number} sign-ups", joined)
    return Markup("{}, {}").format(total, undone_too(words, undone)) if undone else total


def undone_too(words: Words, number: int) -> Markup:
    """Say how many sign-ups were undone, which no other number counts."""
    return words.count("{number} undone", "{number} undone", number)


def activation(words: Words, *, returned: bool, undone: bool) -> Markup | None:
    """Say what became of an activation; None if nothing did."""
    if undone:
        return words.say("undone")
    return words.say("activation returned") if returned else None


def given_back(words: Words, returned: int) -> list[Markup]:
    """Say how many activations of those counted were returned; their learners stay."""
    return [words.say("Of these, activations returned: {number}", number=returned)] if returned else []


def span(words: Words, period: Period) -> Markup:
    """Write a period by its whole days, or by its moments, until now if it isn't over."""
    if days := _days(words, period):
        return days
    return words.say(
        "{since} – {until}", since=words.weekday(period.since), until=words.echo(min(period.until, words.now))
    )


def _days(words: Words, period: Period) -> Markup | None:
    """Write a period that is over by its first and last day; None if it isn't one of whole days."""
    days = whole_days(period, words.zone) if period.until <= words.now else None
    return Markup.escape(words.language.days(*days)) if days else None


def hidden_number(words: Words, number: int) -> Markup:
    """Say how many learners are hidden."""
    return words.count("{number} learner is hidden from you", "{number} learners are hidden from you", number)


def hidden_learners(words: Words, hidden: Hidden, *, of_department: bool = False) -> Markup:
    """Say how many learners are hidden and why, in one line; `of_department`: that they aren't in it may be all."""
    total = (
        words.count("{number} learner isn’t there now", "{number} learners aren’t there now", hidden.total)
        if of_department
        else hidden_number(words, hidden.total)
    )
    reasons = [
        words.say("transferred later: {number}", number=hidden.transferred) if hidden.transferred else None,
        words.say("the profile pointed elsewhere: {number}", number=hidden.elsewhere) if hidden.elsewhere else None,
    ]
    return Markup("{} ({})").format(total, Markup(", ").join(reason for reason in reasons if reason))


def hidden(words: Words, found: Report) -> list[Markup]:
    """Say how many learners are hidden and why, if any."""
    return [hidden_learners(words, found.hidden)] if found.hidden.total else []


def _compared(words: Words, found: Report, before: Period) -> Markup:
    """Compare with the number of the previous period."""
    change = found.joined - found.joined_before
    return words.say(
        "Before that, {period}: {number} ({change})",
        period=_days(words, before) or f"{words.moment(before.since)} – {words.moment(before.until)}",
        number=found.joined_before,
        change=f"{change:+d}".replace("-", "−") if change else "±0",
    )
