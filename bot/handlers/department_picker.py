"""Choosing a department on a form: the last ones, the tree by taps, typed words."""

from collections.abc import Mapping
from functools import partial

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.input.arguments import StaleButton, is_number
from bot.menu.form import Notes, Picker, Read, Take, Turn, below
from bot.screens.screen import Rows, Screen, rows
from bot.wording.text import isolate, shortened
from core.domain.naming import format_path
from core.domain.profile_answers import DEPARTMENT
from core.services import department_picker
from core.services.department_picker import Choice, Choices
from core.services.dialogues import Step

NODE, PAGE, WORDS = "node", "page", "words"
IN_A_PAIR = 16  # letters of a label in a row of two
ALONE = 36


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show what can be chosen: what typed words found, or the children of a department."""
    if WORDS in turn.asked:
        return await _show_found(turn, notes)
    context, node = turn.context, turn.asked.get(NODE)
    found = await context.read(department_picker.choices, context.actor_id, node, turn.asked.get(PAGE, 0))
    say = context.words.say
    empty = not found.children and found.here is None
    asked = (
        [say("Which department do they join? Type its name, I'll add it.")]
        if empty
        else [
            Markup("<b>{}</b>").format(say("Which department do they join?")),
            say("Tap one, or type part of its name."),
            *(["", isolate(format_path(found.here.path))] if found.here else []),
        ]
    )
    return Screen(text=below(notes, *asked), rows=_rows(turn, found))


def _rows(turn: Turn, found: Choices) -> Rows:
    say = turn.context.words.say
    children = [_child(turn, each) for each in found.children]
    here = found.here
    return rows(
        *(
            [turn.button(f"★ {shortened(format_path(each.path), ALONE)}", "take", each.department_id)]
            for each in found.recent
        ),
        [turn.button(say("✔ {name} itself", name=shortened(here.name, IN_A_PAIR)), "take", here.department_id)]
        if here
        else [],
        *(children[place : place + 2] for place in range(0, len(children), 2)),
        [turn.button(say("‹ Back"), "up"), *_turning(turn, found)],
    )


def _child(turn: Turn, child: Choice) -> InlineKeyboardButton:
    name = shortened(child.name, IN_A_PAIR - 2 * child.below)
    return (
        turn.button(f"{name} ›", "in", child.department_id)
        if child.below
        else turn.button(name, "take", child.department_id)
    )


def _turning(turn: Turn, found: Choices) -> list[InlineKeyboardButton]:
    if found.pages == 1:
        return []
    before, after = (found.page - 1) % found.pages, (found.page + 1) % found.pages
    return [turn.button("‹", "page", before), turn.button(f"{found.page + 1}/{found.pages} ›", "page", after)]


async def _show_found(turn: Turn, notes: Notes) -> Screen:
    context, words = turn.context, str(turn.asked[WORDS])
    found = await context.read(department_picker.find, context.actor_id, words)
    say, count = context.words.say, context.words.count
    if not found.choices:
        said = [say("I don't know the department “{path}”.", path=words)]
    else:
        said = [say("Which department do they join?")]
    more = [count("{number} more: type more.", "{number} more: type more.", found.more)] if found.more else []
    adding = [turn.button(say("➕ Add it"), "add")] if found.addable else []
    return Screen(
        text=below(notes, *said, *more),
        rows=rows(
            *(
                [turn.button(shortened(format_path(each.path), ALONE), "take", each.department_id)]
                for each in found.choices
            ),
            adding,
            [turn.button(say("‹ Back"), "up")],
        ),
    )


async def read(turn: Turn, text: str) -> Read:
    """Find a department by typed words: a single one is taken; where there is none at all, it is added."""
    context = turn.context
    found = await context.read(department_picker.find, context.actor_id, text)
    if len(found.choices) == 1 and not found.more:
        [only] = found.choices
        return Read(step=turn.answered(**{DEPARTMENT: only.department_id}), notes=[_echo(turn, only.path)])
    if found.addable and not await _any(turn):
        return Read(step=_adding(turn, text))
    return Read(step=turn.asking(DEPARTMENT, **{WORDS: text[: department_picker.LONGEST_WORDS]}))


def _echo(turn: Turn, path: tuple[str, ...]) -> Markup:
    return turn.context.words.say("Department: {path} ✓", path=format_path(path))


async def _any(turn: Turn) -> bool:
    context = turn.context
    found = await context.read(department_picker.choices, context.actor_id, None, 0)
    return bool(found.children)


def _adding(turn: Turn, path: str) -> Step:
    """Return the step that adds a department and chooses it, in one transaction."""
    context = turn.context
    adding = partial(department_picker.add, actor_id=context.actor_id, path=path, now=context.now)
    return Step(answers=turn.answers, during=lambda session: {DEPARTMENT: adding(session).department_id})


async def _take(turn: Turn, argument: str) -> Step:
    context = turn.context
    chosen = await context.read(department_picker.take, context.actor_id, _number(argument))
    return turn.answered(**{DEPARTMENT: chosen.department_id})


async def _enter(turn: Turn, argument: str) -> Step:
    return turn.asking(DEPARTMENT, **{NODE: _number(argument)})


async def _page(turn: Turn, argument: str) -> Step:
    node = {NODE: turn.asked[NODE]} if NODE in turn.asked else {}
    return turn.asking(DEPARTMENT, **node, **{PAGE: _number(argument)})


async def _up(turn: Turn, _argument: str) -> Step:
    """Go to the department above, from the top back to the form."""
    if WORDS in turn.asked:
        return turn.asking(DEPARTMENT)
    if NODE not in turn.asked:
        return turn.back()
    context = turn.context
    here = await context.read(department_picker.choices, context.actor_id, turn.asked[NODE], 0)
    return turn.asking(DEPARTMENT, **({} if here.above is None else {NODE: here.above}))


async def _add(turn: Turn, _argument: str) -> Step:
    if WORDS not in turn.asked:
        raise StaleButton
    return _adding(turn, str(turn.asked[WORDS]))


def _number(argument: str) -> int:
    if not is_number(argument):
        raise StaleButton
    return int(argument)


TAPS: Mapping[str, Take] = {"take": _take, "in": _enter, "page": _page, "up": _up, "add": _add}
PICKER = Picker(show=show, read=read, taps=TAPS)
