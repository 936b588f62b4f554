"""Whom to remind, chosen one by one: ticked on the list of the missing or of those behind.

Who is ticked is kept with what the list shows, because a button holds 64 bytes.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.people_to_remind import (
    ADDING,
    CONFIRMED,
    NO_PROFILE,
    VERB,
    Page,
    View,
    ask,
    whom_of,
    with_not_missing,
)
from bot.input.arguments import StaleButton, is_number
from bot.input.roster_targets import read_roster
from bot.menu.buttons import ButtonHandler
from bot.screens.lists import marked
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording.text import lines
from core.domain.left_out import PeopleLeftOut
from core.services import questions, roster_additions
from core.services.questions import About

BEGIN = "remind-some"


async def begin(context: Context, data: str) -> Screen:
    """Let people be ticked on a list, from `roster` or `cohort:which`."""
    target, _, which = data.partition(":")
    return await _show(context, View(target=target, which=which))


async def tapped(context: Context, data: str) -> Screen:
    """Answer a tap on the list: `<kept list>:<verb>:<number>`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [list_id, verb, argument] if is_number(list_id) and is_number(argument):
            view = await kept(context, int(list_id))
            return await _moved(context, int(list_id), view, verb, int(argument))
    raise StaleButton


async def left_out(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out, from `kept list:ask:profile`. Raises StaleButton."""
    match data.split(":"):
        case [list_id, "ask", through] if is_number(list_id) and is_number(through):
            view = await kept(context, int(list_id))
            return (await whom_of(view, int(through)).preview(context, view.marked)).left_out
    raise StaleButton


async def remind(context: Context, data: str) -> Screen:
    """Remind those who are ticked, from `kept list:profile:seen`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [list_id, through, seen] if is_number(list_id) and is_number(through):
            view = await kept(context, int(list_id))
            return await whom_of(view, int(through)).remind(context, view.marked, seen)
    raise StaleButton


async def add_to_lists(context: Context, data: str) -> Screen:
    """Put on lists which of those who are ticked these would refuse, from `kept list:profile:seen`; preview it again.

    Raises StaleButton, QuestionClosed.
    """
    match data.split(":"):
        case [list_id, through, seen] if is_number(list_id) and is_number(through):
            view = await kept(context, int(list_id))
            about = context.actor_id, read_roster(view.target), int(through), context.now
            await context.write(roster_additions.add_missing, *about, seen=seen, chosen=view.marked)
            return await ask(context, int(list_id), view, int(through))
    raise StaleButton


async def ask_anew(context: Context, data: str) -> Screen:
    """Preview reminders to those who are ticked anew, from `kept list:profile:seen`."""
    list_id, through, _ = data.split(":")
    view = await kept(context, int(list_id))
    return await ask(context, int(list_id), view, int(through))


async def _moved(context: Context, list_id: int, view: View, verb: str, argument: int) -> Screen:
    match verb:
        case "after":
            return await _show(context, replace(view, after=argument))
        case "mark":
            return await _show(context, replace(view, marked=tuple(sorted({*view.marked} ^ {argument}))))
        case "ask" if view.marked:
            return await ask(context, list_id, view, argument)
    raise StaleButton


async def _show(context: Context, view: View) -> Screen:
    """Show a page of the list with its ticks."""
    page = await whom_of(view).page(context, view.after)
    title = context.words.count("{number} person selected", "{number} people selected", len(view.marked))
    hint = context.words.say("Tap people to select them, on several pages, too.")
    nobody = None if page.people or page.last else context.words.say("Nobody now.")
    screen = Screen(
        text=lines(Markup("<b>{}</b>").format(title), "", nobody or hint),
        rows=_rows(context, view, page, await keep(context, view)),
    )
    return with_not_missing(context.words, view, screen)


def _rows(context: Context, view: View, page: Page, list_id: int) -> Rows:
    say, number = context.words.say, len(view.marked)
    marks = ([_tap(list_id, marked(name, on=each in view.marked), "mark", each)] for each, name in page.people)
    first = [_tap(list_id, say("« First"), "after", 0)] if view.after else []
    more = [_tap(list_id, say("More ›"), "after", page.last)] if page.last is not None else []
    label = context.words.count("Remind {number} person", "Remind {number} people", number)
    return rows(
        *marks,
        first + more,
        [_tap(list_id, label, "ask", NO_PROFILE)] if number else [],
        [whom_of(view).back(context)],
    )


def _tap(list_id: int, label: Markup | str, verb: str, argument: int) -> InlineKeyboardButton:
    return tap(label, VERB, list_id, verb, argument)


async def keep(context: Context, view: View) -> int:
    """Keep what a list shows. Not the update's effect: it may be kept twice."""
    return await context.engine.write(questions.ask, context.actor_id, About.TO_REMIND, asdict(view), context.now)


async def kept(context: Context, list_id: int) -> View:
    """Return what a kept list shows. Raises QuestionClosed."""
    return View.of(await context.read(questions.read, context.actor_id, list_id, About.TO_REMIND, context.now))


BUTTONS: Mapping[str, ButtonHandler] = {
    BEGIN: begin,
    VERB: tapped,
    CONFIRMED: remind,
    ADDING: add_to_lists,
}
