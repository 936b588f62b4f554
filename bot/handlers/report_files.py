"""A report as a file, CSV or XLSX: a row for each learner; a workbook has the figures on further sheets."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.exports import attached
from bot.handlers.report_pictures import button_of
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.screens import spreadsheets
from bot.screens.joined_people import JoinedPeople
from bot.screens.report_tables import tables
from bot.screens.screen import Screen, to_home
from bot.wording.reports import hidden, totals
from bot.wording.text import lines
from core.services import report_exports
from core.services.report_exports import Outline, Page
from core.services.reports import Report

BUTTON = "report-file"


def file_buttons(found: Report, text: str) -> list[InlineKeyboardButton]:
    """Return the buttons that send a report of a typed period as a file."""
    return [button_of(kind.upper(), BUTTON, kind, found, text) for kind in spreadsheets.KINDS]


async def send_file(context: Context, data: str) -> Screen:
    """Send the report of `kind:period` as a file; the export is recorded first."""
    kind, _, text = data.partition(":")
    if kind not in spreadsheets.KINDS:
        raise StaleButton
    await context.write(report_exports.begin, context.actor_id, text, context.now)
    outline = await context.read(report_exports.outline, context.actor_id, text, context.now)
    contents = await _written(context, outline, text, kind)
    name = f"gangway-report-{context.now:%Y-%m-%d}.{kind}"
    return attached(context, lines(*totals(context.words, outline.report)), name, contents, to_home(context.words))


async def _written(context: Context, outline: Outline, text: str, kind: str) -> bytes:
    """Write the file, reading page by page; slow work runs in a thread."""
    words = context.words
    people = JoinedPeople(words, outline.columns, outline.courses, outline.more_courses)
    sheet = await asyncio.to_thread(spreadsheets.KINDS[kind], words.say("People").unescape(), people.header())
    async for page in _pages(context, text):
        await asyncio.to_thread(sheet.add, people.rows(page.people))
    notes = [*people.notes(), *(note.unescape() for note in hidden(words, outline.report))]
    return await asyncio.to_thread(sheet.close, notes, tables(words, outline.report))


async def _pages(context: Context, text: str) -> AsyncIterator[Page]:
    before = None
    while True:
        page = await context.read(report_exports.page, context.actor_id, text, context.now, before=before)
        yield page
        if (before := page.older_than) is None:
            return


BUTTONS: Mapping[str, ButtonHandler] = {BUTTON: send_file}
