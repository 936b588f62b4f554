"""A report as a picture: sign-ups over time, by the profiles with the most. Its text is what the report says."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.screens.lettering import written
from bot.screens.report_picture import DARK, LIGHT, Plot, Theme, draw
from bot.screens.screen import Attachment, Screen, Showing, rows, tap
from bot.wording.phrases import Words
from bot.wording.reports import hidden, span, totals, typed_period
from bot.wording.text import lines
from core.domain.intervals import Unit
from core.services import report_charts
from core.services.report_charts import Chart, Series
from core.services.reports import Report

BUTTON = "report-picture"
THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK}
MOST_BYTES = 64  # in a button's data (Bot API, InlineKeyboardButton)


def picture_button(words: Words, found: Report, text: str) -> InlineKeyboardButton:
    """Return the button that draws a report of a typed period."""
    return _button(words.say("Picture"), "light", found, text)


async def send(context: Context, data: str) -> Screen:
    """Draw the report of `theme:period`, with a button for the other theme."""
    theme, _, text = data.partition(":")
    if theme not in THEMES:
        raise StaleButton
    words = context.words
    found = await context.read(report_charts.chart, context.actor_id, text, context.now)
    contents = await asyncio.to_thread(draw, _plot(words, found), THEMES[theme])
    other = {"light": ("dark", words.say("Dark")), "dark": ("light", words.say("Light"))}[theme]
    return Screen(
        text=lines(*totals(words, found.report)),
        attachment=Attachment(name="gangway-report.png", contents=contents, showing=Showing.PICTURE),
        rows=rows([_button(other[1], other[0], found.report, text)]),
    )


def _button(label: str, theme: str, found: Report, text: str) -> InlineKeyboardButton:
    """Return a button that draws the typed period, or the same one as moments if it was typed at length."""
    if len(f"{BUTTON}:{theme}:{text}".encode()) > MOST_BYTES:
        period = found.compared.period
        text = typed_period(period.since, period.until, found.zone)
    return tap(label, BUTTON, theme, text)


def _plot(words: Words, found: Chart) -> Plot:
    report = found.report
    change = f"{report.shown - report.shown_before:+d}".replace("-", "−")
    period = report.compared.period
    notes = [
        span(words, period),
        words.say("{change} on the period before", change=change),
        *hidden(words, report),
    ]
    return Plot(
        title=written(found.organisation or ""),
        headline=words.count("{number} sign-up", "{number} sign-ups", report.shown).unescape(),
        notes=tuple(note.unescape() for note in notes),
        ticks=tuple(_TICKS[found.intervals.unit](words, at) for at in found.intervals.starts),
        names=tuple(_name(words, each) for each in found.series),
        stacks=tuple(each.counts for each in found.series),
    )


def _name(words: Words, series: Series) -> str:
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
BUTTONS: Mapping[str, ButtonHandler] = {BUTTON: send}
