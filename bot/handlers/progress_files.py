"""Progress as a file, CSV or XLSX: a row for each course of each person."""

import asyncio
from collections.abc import Iterator, Mapping

from bot.context import Context
from bot.handlers.exports import attached
from bot.handlers.history import hidden_learners
from bot.input.arguments import StaleButton
from bot.input.cohorts import read_cohort
from bot.menu.buttons import ButtonHandler
from bot.screens import spreadsheets
from bot.screens.export_cells import wall_clock
from bot.screens.screen import Screen, tap
from bot.screens.spreadsheets import Cell
from bot.wording import labels
from bot.wording.phrases import Words
from bot.wording.progress import title
from core.domain.addresses import told_apart
from core.domain.naming import format_path
from core.services import progress
from core.services.progress import Cohort, Overview, Portion

EXPORTED_AT_ONCE = 2000


async def send_file(context: Context, data: str) -> Screen:
    """Send a cohort's progress as a file, from `cohort:kind`; the export is recorded first."""
    target, _, kind = data.partition(":")
    cohort = read_cohort(target)
    if kind not in spreadsheets.KINDS:
        raise StaleButton
    await context.write(progress.begin_export, context.actor_id, cohort, context.now)
    found = await context.read(progress.overview, context.actor_id, cohort, context.now)
    contents = await _written(context, found, kind)
    name = f"gangway-progress-{target}-{context.now:%Y-%m-%d}.{kind}"
    back = tap(context.words.say("‹ Progress"), "progress", target)
    return attached(context, title(context.words, found), name, contents, back)


async def _written(context: Context, overview: Overview, kind: str) -> bytes:
    """Write the file, reading page by page; slow work runs in a thread."""
    found = await _exported(context, overview.cohort, 0)
    name = context.words.say("Progress").unescape()
    sheet = await asyncio.to_thread(spreadsheets.KINDS[kind], name, _header(context, found))
    await asyncio.to_thread(sheet.add, _rows(context.words, found))
    while found.last is not None:
        found = await _exported(context, overview.cohort, found.last)
        await asyncio.to_thread(sheet.add, _rows(context.words, found))
    hidden = hidden_learners(context.words, overview.hidden) if overview.hidden else []
    note = " ".join(part.unescape() for part in hidden)
    return await asyncio.to_thread(sheet.close, [note] if note else [])


async def _exported(context: Context, cohort: Cohort, after: int) -> Portion:
    return await context.read(
        progress.exported, context.actor_id, cohort, context.now, after=after, size=EXPORTED_AT_ONCE
    )


def _header(context: Context, found: Portion) -> list[str]:
    say, city = context.words.say, context.words.language.city(found.zone)
    named = (
        say("Name"),
        say("Email address"),
        say("Department"),
        say("Course"),
        say("Progress"),
        say("Overdue"),
        say("Given at ({city})", city=city),
        say("Started at ({city})", city=city),
        say("Completed at ({city})", city=city),
        say("Due at ({city})", city=city),
    )
    return [name.unescape() for name in named]


def _rows(words: Words, found: Portion) -> Iterator[list[Cell]]:
    """Write a row for each course of each person, and one for a person without courses."""
    overdue = words.say("overdue").unescape()
    for one in found.people:
        who = [one.name, told_apart(one.email) if one.email else "", format_path(one.department)]
        if not one.courses:
            yield [*who]
        for each in one.courses:
            moments = (each.enrolled_at, each.started_at, each.completed_at, each.due_at)
            yield [
                *who,
                each.title,
                words.say(labels.PROGRESS[each.progress]).unescape(),
                overdue if each.overdue else "",
                *("" if moment is None else wall_clock(moment, found.zone) for moment in moments),
            ]


BUTTONS: Mapping[str, ButtonHandler] = {
    "progress-file": send_file,
}
