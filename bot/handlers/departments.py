"""/renamedepartment, /movedepartment, /deletedepartment."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.input.arguments import UsageError, fields
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording import labels
from bot.wording.lists import first, turned_away
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.naming import format_path
from core.errors import NotAllowed
from core.services import department_removal, department_tree, departments
from core.services.department_removal import Removal
from core.services.departments import Move

MOST_SHOWN = 4
LONGEST_SHOWN = 1500
TOP = "/"


async def rename(context: Context, text: str) -> Screen:
    """Rename a department from `department | name`."""
    department, name = fields(text, 2, 2)
    branch = await context.write(departments.rename, context.actor_id, department, name, context.now)
    text = context.words.say("It is now {path}.", path=format_path(branch.path))
    return Screen(text=text, rows=back_to(context, branch.department_id))


async def ask_for_name(context: Context, department_id: int) -> Screen:
    """Ask for a department's new name."""
    return await _ask(context, "renamedepartment", department_id)


async def ask_where_to(context: Context, department_id: int) -> Screen:
    """Ask below which department one is to be moved."""
    return await _ask(context, "movedepartment", department_id)


async def ask_to_delete_from_card(context: Context, department_id: int) -> Screen:
    """Ask before a department is deleted, from its screen."""
    return await _ask_to_delete(context, department_id)


async def ask_to_move(context: Context, text: str) -> Screen:
    """Ask before a department moves, from `department | where to`; nothing or a slash is the top."""
    if "|" not in text:
        raise UsageError
    department, target = fields(text, 1, 2)
    return await _ask_to_move(context, department, "" if target == TOP else target)


async def _ask_to_move(context: Context, department: str | int, below: str | int) -> Screen:
    say = context.words.say
    meant = await context.read(departments.preview_move, context.actor_id, department, below)
    before, after = format_path(meant.before), format_path(meant.after)
    if meant.before == meant.after:
        return Screen(text=say("It is already there: {path}", path=after))
    return Screen(
        text=lines(say("Move {path}? It will be:", path=before), after, "", *_moving(context, meant)),
        rows=rows(
            [
                tap(say("Move"), "department-move!", meant.department_id, meant.parent_id, meant.seen),
                tap(say("Cancel"), "department", meant.department_id, 0),
            ]
        ),
    )


async def ask_anew_to_move(context: Context, data: str) -> Screen:
    """Ask anew before a department moves, from `department:parent:seen`."""
    department, parent, _ = data.split(":")
    return await _ask_to_move(context, int(department), int(parent))


async def move(context: Context, department_id: int, parent_id: int, seen: str) -> Screen:
    """Move a department after the question."""
    branch = await context.write(departments.move, context.actor_id, department_id, parent_id, context.now, seen=seen)
    text = context.words.say("It is now {path}, with everything below it.", path=format_path(branch.path))
    return Screen(text=text, rows=back_to(context, branch.department_id))


async def ask_to_delete(context: Context, text: str) -> Screen:
    """Ask before a department is deleted, naming what is deleted with it."""
    if not text:
        raise UsageError
    return await _ask_to_delete(context, text)


async def _ask_to_delete(context: Context, address: str | int) -> Screen:
    gone = await context.read(department_removal.preview, context.actor_id, address, context.now)
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
                tap(say("Cancel"), "department", gone.department_id, 0),
            ]
        ),
    )


async def delete(context: Context, department_id: int, seen: str) -> Screen:
    """Delete a department after the question."""
    gone = await context.write(department_removal.remove, context.actor_id, department_id, context.now, seen=seen)
    path = format_path(gone.departments[0])
    text = context.words.say("{path} is deleted. /departments shows the others.", path=path)
    return Screen(text=text, rows=rows([tap(context.words.say("‹ Departments"), "departments", 0, "")]))


def back_to(context: Context, department_id: int) -> Rows:
    """Return the ways on after a department has changed: to it, and to all."""
    say = context.words.say
    showing = tap(say("Show it"), "department", department_id, 0)
    return rows([showing, tap(say("‹ Departments"), "departments", 0, "")])


async def _ask(context: Context, name: str, department_id: int) -> Screen:
    """Ask for what a command does with a department. Raises NotAllowed, DepartmentGone."""
    command = guides.find(context, name)
    if not command.is_for(context.person.permissions):
        raise NotAllowed
    path = await context.read(department_tree.path, context.actor_id, department_id)
    guide = guides.beginning(command, format_path(path), origin=f"department:{department_id}:0")
    return await guides.ask(context, guide)


def _moving(context: Context, meant: Move) -> list[Markup]:
    """Say what moves with a department, which managers gain or lose it, and which lists alone let people in."""
    say, count = context.words.say, context.words.count

    def those(names: Sequence[str]) -> Markup:
        return labels.several(context.words, names)

    parts = (
        count("{number} person moves with it.", "{number} people move with it.", meant.people),
        count("{number} sign-up profile moves with it.", "{number} sign-up profiles move with it.", meant.profiles),
        say("From then on, {names} will manage it too.", names=those(meant.gaining)) if meant.gaining else None,
        say("{names} will no longer manage it.", names=those(meant.losing)) if meant.losing else None,
        say("From then on, only people on the list of {names} can sign up there.", names=those(meant.closing))
        if meant.closing
        else None,
        say("People who aren't on the list of {names} can sign up there then.", names=those(meant.opening))
        if meant.opening
        else None,
    )
    return [part for part in parts if part is not None]


def _going(context: Context, gone: Removal) -> list[Markup | str]:
    count = context.words.count
    expected = count(
        "Its lists of expected people will be deleted too: {number} person.",
        "Its lists of expected people will be deleted too: {number} people.",
        gone.expected,
    )
    invitations = count(
        "{number} open invitation to manage it will no longer be valid for it.",
        "{number} open invitations to manage it will no longer be valid for it.",
        gone.invitations,
    )
    return [
        *_departments_going(context, [format_path(path) for path in gone.departments[1:]]),
        *_profiles_going(context, gone),
        *(["", expected] if gone.expected else []),
        *(["", invitations] if gone.invitations else []),
        "",
    ]


def _departments_going(context: Context, below: Sequence[str]) -> list[Markup | str]:
    if not below:
        return []
    said = context.words.count(
        "{number} department below it will be deleted too:",
        "{number} departments below it will be deleted too:",
        len(below),
    )
    return ["", said, *_first(context, below)]


def _profiles_going(context: Context, gone: Removal) -> list[Markup | str]:
    if not gone.profiles:
        return []
    said = context.words.count(
        "{number} sign-up profile will be deleted too, with its link:",
        "{number} sign-up profiles will be deleted too, with their links:",
        len(gone.profiles),
    )
    return ["", said, *_first(context, gone.profiles), *turned_away(context.words, gone.waiting, gone.unnamed)]


def _first(context: Context, named: Sequence[str]) -> list[Markup]:
    written = [Markup("· {}").format(isolate(name)) for name in named]
    return first(context.words, written, most=MOST_SHOWN, longest=LONGEST_SHOWN)


COMMANDS = (
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
    "department-name": by_number(ask_for_name),
    "department-move": by_number(ask_where_to),
    "department-end": by_number(ask_to_delete_from_card),
    "department-move!": confirmed(move, numbers=2),
    "department-end!": confirmed(delete),
}
