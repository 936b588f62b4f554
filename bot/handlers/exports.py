"""A profile's activation history as a file, CSV or XLSX."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.history import hidden_learners
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens import spreadsheets
from bot.screens.export_cells import activation_of, address_of, label_of, states_in, wall_clock
from bot.screens.screen import Attachment, Screen, rows, tap
from bot.screens.spreadsheets import Cell, Spreadsheet
from bot.wording.reports import sign_ups
from bot.wording.text import isolate, lines
from bot.wording.waiting import counted
from core.domain.naming import format_path
from core.services import export, history
from core.services.export import Column, Page, Row


async def send_history(context: Context, data: str) -> Screen:
    """Send a profile's history as a file, from `profile:kind`; the export is recorded first."""
    profile_id, _, kind = data.partition(":")
    if not is_number(profile_id) or kind not in spreadsheets.KINDS:
        raise StaleButton
    back = tap(context.words.say("‹ Profile"), "profile", profile_id)
    await context.write(history.begin_export, context.actor_id, int(profile_id), context.now)
    page, contents = await _written(context, int(profile_id), kind)
    title = Markup("<b>{}</b> (#{})").format(isolate(page.profile_name), profile_id)
    total = sign_ups(context.words, page.joined, page.undone)
    text = lines(title, total, *_notes(context, page))
    return attached(context, text, f"gangway-{profile_id}-{context.now:%Y-%m-%d}.{kind}", contents, back)


def attached(context: Context, text: Markup, name: str, contents: bytes, back: InlineKeyboardButton) -> Screen:
    """Send a file under a text, or say that it is too large, with a button that leads back."""
    if len(contents) > spreadsheets.LARGEST:
        too_large = context.words.say("This file is too large for Telegram, which accepts up to {most} MB.", most=50)
        return Screen(text=lines(text, too_large), rows=rows([back]))
    return Screen(text=text, attachment=Attachment(name=name, contents=contents))


async def _written(context: Context, profile_id: int, kind: str) -> tuple[Page, bytes]:
    """Write the file, reading page by page; slow work runs in a thread."""
    page = await context.read(export.page, context.actor_id, profile_id)
    columns = page.columns  # those of the first page: the form may change meanwhile
    name = context.words.say("People").unescape()
    sheet: Spreadsheet = await asyncio.to_thread(spreadsheets.KINDS[kind], name, _header(context, page))
    await asyncio.to_thread(sheet.add, _rows(context, page, columns))
    while page.older_than is not None:
        page = await context.read(export.page, context.actor_id, profile_id, before=page.older_than)
        await asyncio.to_thread(sheet.add, _rows(context, page, columns))
    note = " ".join(part.unescape() for part in hidden_learners(context.words, page.hidden))
    waiting = [part.unescape() for part in counted(context.words, page.waiting, page.unconfirmed)]
    return page, await asyncio.to_thread(sheet.close, [each for each in (note, *waiting) if each])


def _notes(context: Context, page: Page) -> list[Markup]:
    """Say who has no row: who waits, and who is hidden."""
    return [*counted(context.words, page.waiting, page.unconfirmed), *hidden_learners(context.words, page.hidden)]


def _header(context: Context, page: Page) -> list[str]:
    say, city = context.words.say, context.words.language.city(page.zone)
    built_in = (
        say("First name"),
        say("Last name"),
        say("Email address"),
        say("Login"),
        say("Phone"),
        say("Job title"),
        say("Department"),
        say("Signed up at ({city})", city=city),
        say("Link"),
        say("State"),
        say("Activation"),
        say("Privacy policy agreed to (version)"),
        say("Agreed at ({city})", city=city),
    )
    return [*(name.unescape() for name in built_in), *(label_of(context.words, column) for column in page.columns)]


def _rows(context: Context, page: Page, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    states = states_in(context.words)
    language = context.words.language.code
    for row in page.rows:
        yield [
            *_name(row),
            format_path(row.department),
            wall_clock(row.at, page.zone),
            row.label,
            states[row.state],
            activation_of(context.words, row),
            "" if row.consent_version is None else Decimal(row.consent_version),
            "" if row.consent_at is None else wall_clock(row.consent_at, page.zone),
            *(column.cell(row.values.get(column.field_id, ""), language) for column in columns),
        ]


def _name(row: Row) -> tuple[str, ...]:
    return row.first_name, row.last_name, address_of(row), row.login or "", row.phone, row.job_title


BUTTONS: Mapping[str, ButtonHandler] = {
    "export": send_history,
}
