"""Several people selected on their list, then transferred, deactivated or deleted after a question that names them.

What is selected is kept with what the list shows, because a button holds 64 bytes.
"""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import guides, people_list
from bot.handlers.people_list import SELECTION, View
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens.lists import marked
from bot.screens.people_selection import done_screen, question, undone_screen
from bot.screens.person_card import button_labels
from bot.screens.screen import Rows, Screen, rows, tap
from bot.screens.searches import kept_list
from bot.wording.text import lines
from core.errors import QuestionClosed
from core.services import people_selection
from core.services.people_list import Listing
from core.services.people_selection import MOST_AT_ONCE, PeopleChange

A_PAGE = 5  # with the rows below them they are within a phone


async def tapped(context: Context, data: str) -> Screen:
    """Answer a tap on the list: `<kept list>:<verb>[:<argument>]`. Raises StaleButton."""
    match data.split(":"):
        case [number, verb, *rest] if is_number(number):
            list_id, argument = int(number), "".join(rest)
        case _:
            raise StaleButton
    try:
        view = View.of(await kept_list(context, list_id))
    except QuestionClosed:
        return replace(await people_list.page(context, 0, ""), toast=context.words.say("Here is where we are."))
    if view.marked and verb in list(PeopleChange):
        return await _ask(context, list_id, view, PeopleChange(verb))
    return await _moved(context, view, verb, argument)


async def confirm(context: Context, question_id: int) -> Screen:
    """Change the people after the question."""
    done = await context.write(people_selection.confirm, context.actor_id, question_id, context.now)
    return done_screen(context.words, done)


async def undo(context: Context, question_id: int) -> Screen:
    """Bring the people back to where they were."""
    names = await context.write(people_selection.undo, context.actor_id, question_id, context.now)
    return undone_screen(context.words, names)


async def _moved(context: Context, view: View, verb: str, argument: str) -> Screen:
    match verb:
        case "show":
            return await _show(context, view)
        case "after" if is_number(argument):
            return await _show(context, replace(view, after=int(argument)))
        case "mark" if is_number(argument):
            return await _mark(context, view, int(argument))
        case "leave" if view.department_id is not None:
            return await people_list.page_in(context, view.after, view.department_id)
        case "leave":
            return await people_list.page(context, view.after, view.words)
    raise StaleButton


async def _mark(context: Context, view: View, number: int) -> Screen:
    chosen = set(view.marked) ^ {number}
    if len(chosen) <= MOST_AT_ONCE:
        return await _show(context, replace(view, marked=tuple(sorted(chosen))))
    most = context.words.say("At most {number} at once", number=MOST_AT_ONCE)
    return replace(await _show(context, view), toast=most)


async def _ask(context: Context, list_id: int, view: View, wanted: PeopleChange) -> Screen:
    """Ask where to, for a transfer, or whether to change the people."""
    if wanted is PeopleChange.TRANSFER:
        who = ", ".join(f"#{number}" for number in view.marked)
        named = context.words.count("{number} person", "{number} people", len(view.marked)).unescape()
        guide = guides.beginning(
            guides.find(context, "transfer"), who, names=[named], origin=f"{SELECTION}:{list_id}:show"
        )
        return await guides.ask(context, guide)
    meant = await context.write(people_selection.propose, context.actor_id, view.marked, wanted, context.now)
    return question(context.words, meant)


async def _show(context: Context, view: View) -> Screen:
    listing = await people_list.read(context, view, A_PAGE)
    list_id = await people_list.keep(context, view)
    title = context.words.count("{number} person selected", "{number} people selected", len(view.marked))
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(title),
            "",
            context.words.say("Tap people to select them, on several pages, too."),
        ),
        rows=_rows(context, view, listing, list_id),
    )


def _rows(context: Context, view: View, listing: Listing, list_id: int) -> Rows:
    say, labels = context.words.say, button_labels(context.words, listing.cards)
    marks = [
        [_tap(list_id, marked(label, on=card.user_id in view.marked), "mark", card.user_id)]
        for card, label in zip(listing.cards, labels, strict=True)
        if card.user_id in listing.changeable
    ]
    first = [_tap(list_id, say("« First"), "after", 0)] if view.after else []
    following = [] if listing.newer_than is None else [_tap(list_id, say("More ›"), "after", listing.newer_than)]
    return rows(
        *marks,
        [_tap(list_id, say("‹ People"), "leave"), *first, *following],
        *(_acting(context, list_id) if view.marked else ()),
    )


def _acting(context: Context, list_id: int) -> Rows:
    say, data = context.words.say, (SELECTION, list_id)
    return rows(
        [tap(say("Transfer"), *data, PeopleChange.TRANSFER), tap(say("Deactivate"), *data, PeopleChange.DEACTIVATE)],
        [tap(say("Delete"), *data, PeopleChange.DELETE, style="danger")],
    )


def _tap(list_id: int, label: Markup | str, verb: str, *argument: object) -> InlineKeyboardButton:
    return tap(label, SELECTION, list_id, verb, *argument)


BUTTONS: Mapping[str, ButtonHandler] = {
    SELECTION: tapped,
    "people-change!": by_number(confirm),
    "people-undo": by_number(undo),
}
