"""A report as a picture: sign-ups over time, by the profiles with the most. Its text is what the report says."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.screens.lettering import written
from bot.screens.picture_themes import AS_CHOSEN, CODES, THEMES, chosen, code_of, label
from bot.screens.plots import days, name_of, ticks
from bot.screens.report_picture import Plot, draw
from bot.screens.screen import Attachment, Screen, Showing, rows, tap
from bot.wording.phrases import Words
from bot.wording.reports import hidden_number, sign_ups, span, totals, typed_period, undone_too
from bot.wording.text import lines
from core.services import picture_themes, report_charts
from core.services.report_charts import Chart
from core.services.reports import Report

BUTTON, THEME = "report-picture", "report-theme"  # the verbs: draw it, choose how pictures are from now on
MOST_BYTES = 64  # in a button's data (Bot API, InlineKeyboardButton)


def picture_button(words: Words, found: Report, text: str) -> InlineKeyboardButton:
    """Return the button that draws a report of a typed period."""
    return button_of(words.say("Picture"), BUTTON, AS_CHOSEN, found, text)


async def send(context: Context, data: str) -> Screen:
    """Draw the report of `theme:period` as the person wants pictures; in the theme of older buttons: so, once."""
    theme, _, text = data.partition(":")
    return await _picture(context, text, dark=None if theme == AS_CHOSEN else _is_dark(theme))


async def choose(context: Context, data: str) -> Screen:
    """Draw the report of `theme:period` as the person wants pictures from now on."""
    theme, _, text = data.partition(":")
    dark = _is_dark(theme)
    screen = await _picture(context, text, dark=dark)
    await context.write(picture_themes.choose, context.actor_id, dark=dark)
    return replace(screen, toast=chosen(context.words, dark=dark))


def _is_dark(theme: str) -> bool:
    if theme not in CODES:
        raise StaleButton
    return CODES[theme]


async def _picture(context: Context, text: str, *, dark: bool | None) -> Screen:
    """Draw the report of a typed period dark, or light; None: as the person wants pictures."""
    words = context.words
    found = await context.read(report_charts.chart, context.actor_id, text, context.now)
    shown = found.dark if dark is None else dark
    contents = await asyncio.to_thread(draw, _plot(words, found), THEMES[shown])
    other = not shown
    return Screen(
        text=lines(*totals(words, found.report)),
        attachment=Attachment(name="gangway-report.png", contents=contents, showing=Showing.PICTURE),
        rows=rows([button_of(label(words, dark=other), THEME, code_of(dark=other), found.report, text)]),
    )


def button_of(name: Markup | str, verb: str, how: str, found: Report, text: str) -> InlineKeyboardButton:
    """Return a button that shows the typed period somehow, or the same one as moments if it was typed at length."""
    if len(f"{verb}:{how}:{text}".encode()) > MOST_BYTES:
        period = found.compared.period
        text = typed_period(period.since, period.until, found.zone)
    return tap(name, verb, how, text)


def _plot(words: Words, found: Chart) -> Plot:
    report = found.report
    change = f"{report.joined - report.joined_before:+d}".replace("-", "−")
    period = report.compared.period
    notes = [
        span(words, period),
        *([words.say("{change} on the period before", change=change)] if report.compared.is_telling else []),
        *([undone_too(words, report.undone)] if report.undone else []),
        *([hidden_number(words, report.hidden.total)] if report.hidden.total else []),
    ]
    return Plot(
        title=written(found.organisation or ""),
        headline=sign_ups(words, report.joined).unescape(),
        notes=tuple(note.unescape() for note in notes),
        ticks=ticks(words, found.intervals),
        days=days(words, found.intervals),
        names=tuple(name_of(words, each) for each in found.series),
        stacks=tuple(each.counts for each in found.series),
    )


BUTTONS: Mapping[str, ButtonHandler] = {BUTTON: send, THEME: choose}
