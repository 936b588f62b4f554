"""/adddepartment: one department, or several from a list that is shown as a tree first."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable
from bot.handlers import guides
from bot.input.arguments import UsageError, card_number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Command, Part, Subject
from bot.screens import lost_files
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.lists import first
from bot.wording.phrases import N_
from bot.wording.roster_lists import no_workbook
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.department_lists import MOST_LISTED, read_paths
from core.domain.naming import format_path
from core.errors import ListTooLarge, NotAllowed
from core.rosters.departments import DepartmentFile, read_file
from core.rosters.grid import LARGEST
from core.services import department_lists, department_tree, departments
from core.services.department_lists import ListedDepartment, ListPreview

MOST_SHOWN, LONGEST_SHOWN = 14, 3000
BELOW = " | "  # between what is typed and the number of the department below which it is added
SEVERAL = N_(
    "type it, paste your list (one a line, with a slash between the levels, like Sales / EMEA), or send it as a CSV or "
    "XLSX file ({most} departments, {size} MiB at most)"
)
BOUNDS = {"most": MOST_LISTED, "size": LARGEST // 1024**2}
LONGEST_FILE, LONGEST_HEADER, ROWS_NAMED = 80, 40, 8


async def add(context: Context, text: str) -> Screen:
    """Add a department, with the missing ones above it; or ask about those of a list with one a line."""
    if not text:
        raise UsageError
    if context.file is not None:
        below = await context.read(department_tree.find, context.actor_id, text)
        return await add_from_file(context, f"#{below}")
    if len(text.splitlines()) > 1:
        return await _propose(context, read_paths(text), None)
    return await _add_one(context, text)


async def add_below(context: Context, department_id: int) -> Screen:
    """Ask for what is to be added below a department. Raises NotAllowed, DepartmentGone."""
    command = guides.find(context, "adddepartment")
    if not command.is_for(context.person.permissions):
        raise NotAllowed
    path = await context.read(department_tree.path, context.actor_id, department_id)
    guide = guides.beginning(command, origin=f"department:{department_id}:0", behind=f"#{department_id}")
    return await guides.ask(context, guide, context.words.say("Below {path}:", path=format_path(path)))


async def add_answered(context: Context, line: str) -> Screen:
    """Add what was typed when a button asked for it, perhaps below the department whose number follows it."""
    text, bar, number = line.rpartition(BELOW)
    below = card_number(number) if bar else None
    if below is None:
        return await add(context, line)
    if len(text.splitlines()) > 1:
        return await _propose(context, read_paths(text), below)
    above = await context.read(department_tree.path, context.actor_id, below)
    return await _add_one(context, format_path((*above, text)))


async def add_from_file(context: Context, number: str) -> Screen:
    """Ask about the departments of a file that was sent, perhaps below the department with a number such as `#7`."""
    file = context.file
    if file is None:
        raise UsageError
    if file.size > LARGEST:
        raise ListTooLarge(LARGEST)
    language = context.words.language.code
    languages = await context.read(department_lists.languages, context.actor_id, language)
    try:
        contents = await context.fetch(file.file_id)
    except FileUnavailable:
        return lost_files.unavailable(context.words, _leaving(context, card_number(number)))
    found = await asyncio.to_thread(read_file, contents, languages)
    return await _propose(context, found.paths, card_number(number), *_described(context, file.name, found))


async def confirm(context: Context, question_id: int) -> Screen:
    """Add the departments of a list after the question."""
    added = await context.write(department_lists.confirm, context.actor_id, question_id, context.now)
    written = [Markup("· {}").format(isolate(format_path(branch.path))) for branch in added]
    return Screen(
        text=lines(
            context.words.count("Added {number} department:", "Added {number} departments:", len(added)),
            *first(context.words, written, most=MOST_SHOWN, longest=LONGEST_SHOWN),
        ),
        rows=_after_adding(context),
    )


async def _add_one(context: Context, text: str) -> Screen:
    branch = await context.write(departments.add, context.actor_id, text, context.now)
    path = format_path(branch.path)
    say = context.words.say
    line = context.words.line(f"/newprofile Autumn sales | {path} | now - +2 weeks | 50")
    return Screen(
        text=lines(say("Added {path}.", path=path), "", say("Create a link for it:"), line),
        rows=_after_adding(context),
    )


async def _propose(context: Context, paths: Sequence[str], below: int | None, *above: Markup) -> Screen:
    """Show the tree that a list means, before anything is added; `above` says how it was read."""
    if len(paths) > MOST_LISTED:
        most = context.words.say("Send at most {number} departments at a time.", number=MOST_LISTED)
        return Screen(text=most, rows=rows([_leaving(context, below)]))
    seen = await context.write(department_lists.propose, context.actor_id, paths, below, context.now)
    count, say, existing = context.words.count, context.words.say, len(seen.departments) - seen.missing
    adding = count("Add {number} department", "Add {number} departments", seen.missing)
    return Screen(
        text=lines(
            *above,
            say("Below {path}:", path=format_path(seen.below)) if seen.below else None,
            *first(context.words, _drawn(seen), most=MOST_SHOWN - len(above), longest=LONGEST_SHOWN),
            "",
            count("{number} is there already.", "{number} are there already.", existing) if existing else None,
            say("Nothing is added yet.") if seen.missing else None,
        ),
        rows=rows(
            [tap(adding, "departments-add!", seen.question_id, style="success")] if seen.missing else [],
            [_leaving(context, below)],
        ),
    )


def _described(context: Context, name: str, found: DepartmentFile) -> list[Markup]:
    """Say how a file was read: its sheet and columns, and the rows that aren't read."""
    say, headers = context.words.say, [each for each in found.headers if each]
    title = Markup("<b>{}</b>").format(isolate(shortened(name, LONGEST_FILE)))
    columns = Markup(" · ").join(isolate(shortened(each, LONGEST_HEADER)) for each in headers)
    return [
        Markup("{}, {}").format(title, say("sheet {number}", number=found.sheet)) if found.sheet else title,
        *filter(None, [no_workbook(context.words, name, found.sheet)]),
        *([say("Read as: {columns}", columns=columns)] if headers else []),
        *_left_out(context, found),
    ]


def _left_out(context: Context, found: DepartmentFile) -> Iterator[Markup]:
    """Say which rows aren't read, above the header or without a path, and which names become several levels."""
    count, over, unread = context.words.count, len(found.skipped), len(found.unread)
    if over:
        yield count(
            "I left out row {rows}, above the header.",
            "I left out {number} rows, above the header: {rows}.",
            over,
            rows=_numbers(found.skipped),
        )
    if found.split:
        yield count(
            "A slash separates levels, also in a name: row {rows}.",
            "A slash separates levels, also in {number} names: rows {rows}.",
            len(found.split),
            rows=_numbers(found.split),
        )
    if unread:
        yield count(
            "I can't read row {rows}.", "I can't read {number} rows: {rows}.", unread, rows=_numbers(found.unread)
        )


def _numbers(rows_: Sequence[int]) -> str:
    return ", ".join(map(str, rows_[:ROWS_NAMED])) + ("…" if len(rows_) > ROWS_NAMED else "")


def _leaving(context: Context, below: int | None) -> InlineKeyboardButton:
    back = ("departments", 0, "") if below is None else ("department", below, 0)
    return tap(context.words.say("Cancel"), *back)


def _drawn(seen: ListPreview) -> Sequence[Markup]:
    """Draw the tree of a list; what would be added is marked."""
    return [_line(each, len(each.path) - len(seen.below) - 1) for each in seen.departments]


def _line(listed: ListedDepartment, level: int) -> Markup:
    mark = "" if listed.existing else "➕ "
    return Markup("{}{}{}").format("    " * level, mark, isolate(listed.path[-1]))


def _after_adding(context: Context) -> Rows:
    say, may = context.words.say, Permission.MANAGE_PROFILES in context.person.permissions
    return rows(
        [tap(say("➕ New sign-up link"), "open", "newprofile", style="primary")] if may else [],
        [tap(say("‹ Departments"), "departments", 0, ""), to_home(context.words)],
    )


COMMANDS = (
    Command(
        name="adddepartment",
        handler=add,
        summary=N_("Add a department, and those above it that are missing"),
        examples=("/adddepartment Sales / EMEA",),
        permission=Permission.MANAGE_DEPARTMENTS,
        subject=Subject.DEPARTMENTS,
        guided=(Part(N_("department"), prompt=SEVERAL, bounds=BOUNDS), Part(N_("where to"), optional=True)),
        chosen=add_answered,
        reads_file=add_from_file,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "department-add": by_number(add_below),
    "departments-add!": by_number(confirm),
}
