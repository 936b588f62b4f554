"""A report as a file, CSV or XLSX: a row for each learner; a workbook has the figures on further sheets."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.exports import attached
from bot.handlers.report_pictures import button_of
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.screens import spreadsheets
from bot.screens.joined_people import JoinedPeople, too_many
from bot.screens.report_tables import tables
from bot.screens.screen import Screen, rows, to_home
from bot.screens.spreadsheets import Spreadsheet, Xlsx
from bot.wording.phrases import Words
from bot.wording.reports import hidden, totals
from bot.wording.text import lines
from core.services import report_exports
from core.services.joined_people import Page
from core.services.report_exports import Outline
from core.services.reports import Report

BUTTON, WORKBOOK = "report-file", "xlsx"


def file_buttons(found: Report, text: str) -> list[InlineKeyboardButton]:
    """Return the buttons that send a report of a typed period as a file."""
    return [button_of(kind.upper(), BUTTON, kind, found, text) for kind in spreadsheets.KINDS]


async def send_file(context: Context, data: str) -> Screen:
    """Send the report of `kind:period` as a file, or say that it would be too long; the export is recorded first."""
    kind, _, text = data.partition(":")
    if kind not in spreadsheets.KINDS:
        raise StaleButton
    asked = context.actor_id, text, context.now
    outline = await context.read(report_exports.outline, *asked, figures=kind == WORKBOOK)
    said = totals(context.words, outline.report)
    if outline.is_too_long:
        said.append(too_many(context.words, outline.report.shown))
        return Screen(text=lines(*said), rows=rows([to_home(context.words)]))
    await context.write(report_exports.begin, *asked)
    contents = await _written(context, outline, text, kind)
    name = f"gangway-report-{context.now:%Y-%m-%d}.{kind}"
    return attached(context, lines(*said), name, contents, to_home(context.words))


async def _written(context: Context, outline: Outline, text: str, kind: str) -> bytes:
    """Write the file, reading page by page; slow work runs in a thread."""
    words = context.words
    people = JoinedPeople(words, outline.columns, outline.courses, outline.more_courses)
    sheet = await asyncio.to_thread(spreadsheets.KINDS[kind], words.say("People").unescape(), people.header())
    async for page in _pages(context, text):
        await asyncio.to_thread(sheet.add, people.rows(page.people))
    notes = [*people.notes(outline.report.undone), *(note.unescape() for note in hidden(words, outline.report))]
    return await asyncio.to_thread(_finished, sheet, notes, words, outline.report)


def _finished(sheet: Spreadsheet, notes: Sequence[str], words: Words, report: Report) -> bytes:
    """Return the file; a workbook has room for the figures, too."""
    return sheet.close(notes, tables(words, report)) if isinstance(sheet, Xlsx) else sheet.close(notes)


async def _pages(context: Context, text: str) -> AsyncIterator[Page]:
    before = None
    while True:
        page = await context.read(report_exports.page, context.actor_id, text, context.now, before=before)
        yield page
        if (before := page.older_than) is None:
            return


BUTTONS: Mapping[str, ButtonHandler] = {BUTTON: send_file}
