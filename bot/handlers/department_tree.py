"""/departments: the tree by taps, one department at a time; words search it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.guides import find
from bot.input.cohorts import cohort_target
from bot.input.roster_targets import roster_target
from bot.menu.buttons import ButtonHandler, by_numbers, paged
from bot.menu.command import Command, Subject
from bot.screens.lists import LONGEST_ENTRY, turning
from bot.screens.profile_card import missing_row
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.screens.searches import argument_of, expect_words
from bot.wording import labels
from bot.wording.phrases import N_
from bot.wording.rosters import came, closed
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.naming import format_path
from core.domain.rosters import RosterOf
from core.domain.text import search_key, search_text, search_words
from core.services import department_tree, departments
from core.services.department_tree import Child, Node
from core.services.departments import Branch
from core.services.progress import Cohort

IN_A_PAIR = 16  # letters of a label in a row of two
A_PAGE_AT_TOP, A_PAGE_BELOW, FOUND_A_PAGE = 12, 4, 6  # with the rows below them they are within a phone
NAME = "departments"


async def tree(context: Context, text: str) -> Screen:
    """Show the top of the tree, or the departments with these words in their path."""
    return await page(context, 0, text)


async def page(context: Context, wanted: int, words: str) -> Screen:
    """Show a page of the top of the tree, or of the departments with these words in their path."""
    await expect_words(context, NAME)
    if words := search_text(words):
        return await _found(context, wanted, words)
    number, found = await context.read(department_tree.top, context.actor_id, wanted, A_PAGE_AT_TOP)
    say, title = context.words.say, context.words.count("{number} department", "{number} departments", number)
    text = lines(Markup("<b>{}</b>").format(title), "", say("Tap one, or type part of its name."))
    return Screen(
        text=text if number else say("No departments yet."),
        rows=rows(
            *_pairs(found.children),
            _adding(context, "open", "adddepartment"),
            [
                to_home(context.words),
                *turning(lambda label, place: tap(label, NAME, place, ""), found.page, found.pages),
            ],
        ),
    )


async def show(context: Context, department_id: int, wanted: int = 0) -> Screen:
    """Show a department: what belongs to it, and a page of those directly below it."""
    node = await context.read(department_tree.show, context.actor_id, department_id, wanted, A_PAGE_BELOW)
    await expect_words(context, NAME)
    return Screen(text=_text(context, node), rows=_buttons(context, node))


async def _found(context: Context, wanted: int, words: str) -> Screen:
    branches = [branch for branch in await context.read(departments.tree, context.actor_id) if branch.path]
    found = [branch for branch in branches if _has(branch, words)]
    say, back = context.words.say, tap(context.words.say("‹ Departments"), NAME, 0, "")
    if not found:
        nothing = say("No department has “{words}” in its path. /departments lists all.", words=words)
        return Screen(text=nothing, rows=rows([back]))
    pages = -(-len(found) // FOUND_A_PAGE)
    number, argument = min(wanted, pages - 1), await argument_of(context, words)
    shown = found[number * FOUND_A_PAGE : (number + 1) * FOUND_A_PAGE]
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(context.words.count("{number} department", "{number} departments", len(found))),
            say("With “{words}” in the path", words=words),
        ),
        rows=rows(
            *([tap(_ending(branch.path), "department", branch.department_id, 0)] for branch in shown),
            [back, *turning(lambda label, place: tap(label, NAME, place, argument), number, pages)],
        ),
    )


def _text(context: Context, node: Node) -> Markup:
    say, count = context.words.say, context.words.count
    people = count("{number} person in it", "{number} people in it", node.people)
    below = say("{number} below it", number=node.people_below)
    managers = labels.several(context.words, node.managers)
    return lines(
        Markup("<b>{}</b>").format(isolate(format_path(node.path))),
        Markup("{}, {}").format(people, below) if node.people_below else people,
        count("{number} sign-up profile", "{number} sign-up profiles", node.profiles),
        came(context.words, node.roster) if node.roster else None,
        *closed(context.words, node.closed_by),
        say("Managed by {names}", names=managers) if node.managers else None,
        None if _may_change(context) else say("Account administrators can rename, move or delete it."),
    )


def _buttons(context: Context, node: Node) -> Rows:
    say, number, may = context.words.say, node.department_id, context.person.permissions
    changing, of = _may_change(context), roster_target(RosterOf(department_id=number))
    cohort = cohort_target(Cohort(department_id=number))
    people = tap(say("👥 People"), "people-in", 0, number) if Permission.MANAGE_PEOPLE in may else None
    progress = tap(say("📊 Progress"), "progress", cohort)
    expecting = tap(say("Expected people"), "expect", of) if Permission.MANAGE_PROFILES in may else None
    reminders = tap(say("Reminders"), "reminders", cohort)
    return rows(
        *_pairs(node.children.children),
        missing_row(context.words, of, node.own_roster),
        [expecting, reminders if find(context, "reminders").is_for(may) else None],
        [people, progress if find(context, "progress").is_for(may) else None],
        [*_adding(context, "department-add", number), tap(say("Rename"), "department-name", number)]
        if changing
        else [],
        [tap(say("Move"), "department-move", number), tap(say("Delete"), "department-end", number, style="danger")]
        if changing
        else [],
        [
            _up(context, node),
            *turning(
                lambda label, place: tap(label, "department", number, place), node.children.page, node.children.pages
            ),
        ],
    )


def _pairs(children: Sequence[Child]) -> list[list[InlineKeyboardButton]]:
    buttons = [_child(each) for each in children]
    return [buttons[place : place + 2] for place in range(0, len(buttons), 2)]


def _child(child: Child) -> InlineKeyboardButton:
    ending = " ›" if child.below else ""
    return tap(f"{shortened(child.name, IN_A_PAIR - len(ending))}{ending}", "department", child.department_id, 0)


def _adding(context: Context, *data: object) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("➕ Add"), *map(str, data))] if _may_change(context) else []


def _may_change(context: Context) -> bool:
    return Permission.MANAGE_DEPARTMENTS in context.person.permissions


def _up(context: Context, node: Node) -> InlineKeyboardButton:
    """Return the way to the department above, or to the top of what the viewer sees."""
    if node.above is None:
        return tap(context.words.say("‹ Departments"), NAME, 0, "")
    return tap(f"‹ {shortened(node.above_name, IN_A_PAIR - 2)}", "department", node.above, 0)


def _ending(path: Sequence[str]) -> str:
    """Write a path so that its end, which tells it from others, is within a label."""
    whole = format_path(path)
    return whole if len(whole) <= LONGEST_ENTRY else f"…{whole[1 - LONGEST_ENTRY :]}"


def _has(branch: Branch, words: str) -> bool:
    path = search_key(format_path(branch.path))
    return all(word in path for word in search_words(words))


COMMANDS = (
    Command(
        name=NAME,
        handler=tree,
        summary=N_("Show the departments, all or those with the given words in their names"),
        examples=("/departments", "/departments emea"),
        permission=Permission.MANAGE_PROFILES,
        also=(Permission.MANAGE_DEPARTMENTS, Permission.MANAGE_PEOPLE),
        subject=Subject.DEPARTMENTS,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    NAME: paged(page),
    "department": by_numbers(show, at_most=2),
}
