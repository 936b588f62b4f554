"""/departments, /adddepartment, /renamedepartment, /movedepartment, /deletedepartment: the tree."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import UsageError, fields
from bot.menu.buttons import ButtonHandler, confirmed, paged
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.paging import page_buttons
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.screens.searches import argument_of
from bot.wording import labels
from bot.wording.lists import first, page_of, turned_away
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines
from core.domain.access import Permission
from core.domain.naming import format_path
from core.domain.text import search_key, search_words
from core.services import department_removal, departments
from core.services.department_removal import Removal
from core.services.departments import Branch, Move

A_PAGE = 40
MOST_SHOWN = 15
LONGEST_SHOWN = 1500
TOP = "/"
MOST_LINES = 100
SEVERAL = N_("type it, or paste your list: one a line, with a slash between the levels, like Sales / EMEA")


async def tree(context: Context, text: str) -> Screen:
    """Show the first page of the departments within scope, as a tree with the number of people in each."""
    return await page(context, 0, text)


async def page(context: Context, wanted: int, words: str) -> Screen:
    """Show a page of the tree, or of the departments with these words in their path."""
    branches = [branch for branch in await context.read(departments.tree, context.actor_id) if branch.path]
    found = [branch for branch in branches if _has(branch, words)]
    if not found:
        return Screen(text=_none(context, words))
    shown = page_of([_line(context, branch) for branch in found], wanted, most=A_PAGE)
    title = context.words.count("{number} department", "{number} departments", len(found))
    return Screen(
        text=lines(title, "", *_drawn(context, [found[place] for place in shown.places])),
        rows=rows(
            page_buttons(context.words, shown, "departments", await argument_of(context, words)),
            [to_home(context.words)],
        ),
    )


async def add(context: Context, text: str) -> Screen:
    """Add a department, with the missing ones above it, or those of a list with one a line."""
    if not text:
        raise UsageError
    if len(paths := [line.strip() for line in text.splitlines() if line.strip()]) > 1:
        return await _add_several(context, paths)
    branch = await context.write(departments.add, context.actor_id, text, context.now)
    path = format_path(branch.path)
    say = context.words.say
    line = context.words.line(f"/newprofile Autumn sales | {path} | now - +2 weeks | 50")
    text = lines(say("Added {path}.", path=path), "", say("Create a link for it:"), line)
    return Screen(text=text, rows=_after_adding(context))


async def _add_several(context: Context, paths: Sequence[str]) -> Screen:
    """Add the departments of a list; those that exist are counted."""
    if len(paths) > MOST_LINES:
        most = context.words.say("Send at most {number} departments at a time.", number=MOST_LINES)
        return Screen(text=most)
    added = await context.write(departments.add_several, context.actor_id, paths, context.now)
    count, existing = context.words.count, len(paths) - len(added)
    there = count("{number} was there already.", "{number} were there already.", existing) if existing else None
    return Screen(
        text=lines(
            count("Added {number} department:", "Added {number} departments:", len(added)),
            *_first(context, [format_path(branch.path) for branch in added]),
            there,
        ),
        rows=_after_adding(context),
    )


def _after_adding(context: Context) -> Rows:
    say, may = context.words.say, Permission.MANAGE_PROFILES in context.person.permissions
    return rows(
        [tap(say("➕ New sign-up link"), "open", "newprofile", style="primary")] if may else [],
        [tap(say("‹ Departments"), "departments", 0, ""), to_home(context.words)],
    )


async def rename(context: Context, text: str) -> Screen:
    """Rename a department from `department | name`."""
    department, name = fields(text, 2, 2)
    branch = await context.write(departments.rename, context.actor_id, department, name, context.now)
    return Screen(text=context.words.say("It is now {path}.", path=format_path(branch.path)))


async def ask_to_move(context: Context, text: str) -> Screen:
    """Ask before a department moves, from `department | where to`; nothing or a slash is the top."""
    if "|" not in text:
        raise UsageError
    department, target = fields(text, 1, 2)
    below, say = "" if target == TOP else target, context.words.say
    meant = await context.read(departments.preview_move, context.actor_id, department, below)
    before, after = format_path(meant.before), format_path(meant.after)
    if meant.before == meant.after:
        return Screen(text=say("It is already there: {path}", path=after))
    return Screen(
        text=lines(say("Move {path}? It will be:", path=before), after, "", *_moving(context, meant)),
        rows=rows(
            [
                tap(say("Move"), "department-move!", meant.department_id, meant.parent_id, meant.seen),
                tap(say("Cancel"), "departments", 0, ""),
            ]
        ),
    )


async def move(context: Context, department_id: int, parent_id: int, seen: str) -> Screen:
    """Move a department after the question."""
    branch = await context.write(departments.move, context.actor_id, department_id, parent_id, context.now, seen=seen)
    return Screen(text=context.words.say("It is now {path}, with everything below it.", path=format_path(branch.path)))


async def ask_to_delete(context: Context, text: str) -> Screen:
    """Ask before a department is deleted, naming what is deleted with it."""
    if not text:
        raise UsageError
    gone = await context.read(department_removal.preview, context.actor_id, text, context.now)
    say, path = context.words.say, format_path(gone.departments[0])
    return Screen(
        text=lines(
            say("Delete {path}?", path=path),
            *_going(context, gone),
            say("Its enrolment rules will be deleted too. People keep their courses."),
            *_first(context, gone.rules),
        ),
        rows=rows(
            [
                tap(say("Delete"), "department-end!", gone.department_id, gone.seen, style="danger"),
                tap(say("Cancel"), "departments", 0, ""),
            ]
        ),
    )


async def delete(context: Context, department_id: int, seen: str) -> Screen:
    """Delete a department after the question."""
    gone = await context.write(department_removal.remove, context.actor_id, department_id, context.now, seen=seen)
    path = format_path(gone.departments[0])
    return Screen(text=context.words.say("{path} is deleted. /departments shows the others.", path=path))


def _moving(context: Context, meant: Move) -> list[Markup]:
    """Say what moves with a department, and which managers gain or lose it."""
    say, count = context.words.say, context.words.count
    parts = [
        count("{number} person moves with it.", "{number} people move with it.", meant.people),
        count("{number} sign-up profile moves with it.", "{number} sign-up profiles move with it.", meant.profiles),
    ]
    if meant.gaining:
        managers = labels.several(context.words, meant.gaining)
        parts.append(say("From then on, {names} will manage it too.", names=managers))
    if meant.losing:
        managers = labels.several(context.words, meant.losing)
        parts.append(say("{names} will no longer manage it.", names=managers))
    return parts


def _going(context: Context, gone: Removal) -> list[Markup | str]:
    count, below = context.words.count, [format_path(path) for path in gone.departments[1:]]
    parts: list[Markup | str] = []
    if below:
        parts += [
            "",
            count(
                "{number} department below it will be deleted too:",
                "{number} departments below it will be deleted too:",
                len(below),
            ),
        ]
        parts += _first(context, below)
    if gone.profiles:
        parts += [
            "",
            count(
                "{number} sign-up profile will be deleted too, with its link:",
                "{number} sign-up profiles will be deleted too, with their links:",
                len(gone.profiles),
            ),
        ]
        parts += _first(context, gone.profiles)
        parts += turned_away(context.words, gone.waiting, gone.unnamed)
    if gone.invitations:
        parts += [
            "",
            count(
                "{number} open invitation to manage it will no longer be valid for it.",
                "{number} open invitations to manage it will no longer be valid for it.",
                gone.invitations,
            ),
        ]
    return [*parts, ""]


def _first(context: Context, named: Sequence[str]) -> list[Markup]:
    written = [Markup("· {}").format(isolate(name)) for name in named]
    return first(context.words, written, most=MOST_SHOWN, longest=LONGEST_SHOWN)


def _drawn(context: Context, branches: Sequence[Branch]) -> list[Markup]:
    """Draw a page of the tree: a department without its parent on the page is shown with its whole path."""
    levels: dict[tuple[str, ...], int] = {}
    drawn = []
    for branch in branches:
        level = levels[branch.path] = levels.get(branch.path[:-1], -1) + 1
        name = Markup("{}{}").format("    " * level, isolate(branch.path[-1])) if level else None
        drawn.append(_line(context, branch, name))
    return drawn


def _line(context: Context, branch: Branch, name: Markup | None = None) -> Markup:
    people = context.words.count("{number} person", "{number} people", branch.people)
    return Markup("{}  · {}").format(name or isolate(format_path(branch.path)), people)


def _has(branch: Branch, words: str) -> bool:
    path = search_key(format_path(branch.path))
    return all(word in path for word in search_words(words))


def _none(context: Context, words: str) -> Markup:
    say = context.words.say
    if words:
        return say("No department has “{words}” in its path. /departments lists all.", words=words)
    return say("No departments yet. {line} adds one.", line=command("/adddepartment Sales / EMEA"))


COMMANDS = (
    Command(
        name="departments",
        handler=tree,
        summary=N_("Show the departments, all or those with the given words in their names"),
        examples=("/departments", "/departments emea"),
        permission=Permission.MANAGE_PROFILES,
        also=(Permission.MANAGE_DEPARTMENTS, Permission.MANAGE_PEOPLE),
        subject=Subject.DEPARTMENTS,
    ),
    Command(
        name="adddepartment",
        handler=add,
        summary=N_("Add a department, and those above it that are missing"),
        examples=("/adddepartment Sales / EMEA",),
        permission=Permission.MANAGE_DEPARTMENTS,
        subject=Subject.DEPARTMENTS,
        guided=(Part(N_("department"), prompt=SEVERAL),),
    ),
    Command(
        name="renamedepartment",
        handler=rename,
        summary=N_("Rename a department"),
        parts=(Part(N_("department"), of=Choice.DEPARTMENT), Part(N_("new name"))),
        examples=("/renamedepartment Sales / EMEA | Europe",),
        permission=Permission.MANAGE_DEPARTMENTS,
        subject=Subject.DEPARTMENTS,
    ),
    Command(
        name="movedepartment",
        handler=ask_to_move,
        summary=N_("Move a department below another one, or to the top with a slash, after confirmation"),
        parts=(Part(N_("department"), of=Choice.DEPARTMENT), Part(N_("where to"), of=Choice.DEPARTMENT_OR_TOP)),
        examples=("/movedepartment Sales / EMEA | Support", "/movedepartment Sales / EMEA | /"),
        permission=Permission.MANAGE_DEPARTMENTS,
        subject=Subject.DEPARTMENTS,
    ),
    Command(
        name="deletedepartment",
        handler=ask_to_delete,
        summary=N_("Delete a department without people, after confirmation"),
        examples=("/deletedepartment Sales / EMEA",),
        permission=Permission.MANAGE_DEPARTMENTS,
        subject=Subject.DEPARTMENTS,
        guided=(Part(N_("department"), of=Choice.DEPARTMENT),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "departments": paged(page),
    "department-move!": confirmed(move, numbers=2),
    "department-end!": confirmed(delete),
}
