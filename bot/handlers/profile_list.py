"""/profiles: one button a profile, with filters, pages and words; several can be selected and changed at once.

What a list shows is kept as a question, because a button holds 64 bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.input.callback_data import pack
from bot.menu.buttons import ButtonHandler, by_number, paged
from bot.menu.command import Command, Subject
from bot.screens.lists import marked, ticked, turning
from bot.screens.profile_card import button_label
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.links import Only
from core.domain.text import search_text
from core.errors import QuestionClosed
from core.services import profile_lists, profile_selection, questions
from core.services.profile_lists import Listing
from core.services.profile_selection import MOST_AT_ONCE, BulkChange, Changed
from core.services.questions import About

A_PAGE = 4  # with the rows below them they are within a phone
VERB = "list"
PLAIN = 0  # the number of the list without words, filters and selection
FILTERS: Mapping[Only, str] = {
    Only.ALL: N_("All"),
    Only.ACTIVE: N_("Active"),
    Only.FULL: N_("Full"),
    Only.ENDING: N_("Ending"),
    Only.PAUSED: N_("Paused"),
    Only.ENDED: N_("Ended"),
}
A_ROW = 4  # filters
ORDERS: Mapping[Only, str] = {
    Only.FULL: N_("All places are taken. Those that close first stand on top."),
    Only.ENDING: N_("They close within a week. Those that close first stand on top."),
}


@dataclass(frozen=True, kw_only=True)
class View:
    """What a list shows; `marked` are the numbers of the selected profiles while one is `selecting`."""

    words: str = ""
    only: Only = Only.ALL
    mine: bool = False
    page: int = 0
    selecting: bool = False
    marked: tuple[int, ...] = ()


async def search(context: Context, text: str) -> Screen:
    """List the first page of profiles with these words."""
    return await page(context, 0, text)


async def page(context: Context, wanted: int, words: str) -> Screen:
    """List a page of the profiles with these words in their name or department."""
    return await _show(context, View(words=search_text(words), page=wanted))


async def select_from_the_start(context: Context, _text: str) -> Screen:
    """Begin to select profiles on the first page of the list."""
    return await _show(context, View(selecting=True))


async def found(context: Context, text: str) -> Screen | None:
    """List the profiles with the words of a text in their name or department; None if there are none."""
    view = View(words=search_text(text))
    listing = await _listing(context, view)
    return await _shown(context, view, listing) if listing.total else None


async def tapped(context: Context, data: str) -> Screen:
    """Answer a tap on a list: `<question>:<verb>[:<argument>]`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [number, verb, *rest] if is_number(number):
            list_id, argument = int(number), "".join(rest)
        case _:
            raise StaleButton
    if verb in list(BulkChange):
        return await _change(context, list_id, BulkChange(verb))
    try:
        return await _moved(context, await _read(context, list_id), verb, argument)
    except QuestionClosed:
        return await _show(context, View(), toast=context.words.say("Here is where we are."))


async def undo(context: Context, undo_id: int) -> Screen:
    """Take a change of several profiles back."""
    names = await context.write(profile_selection.undo, context.actor_id, undo_id, context.now)
    count = context.words.count("Taken back for {number} profile:", "Taken back for {number} profiles:", len(names))
    return Screen(text=lines(count, *map(isolate, names)), rows=rows([_back(context)]))


async def _moved(context: Context, view: View, verb: str, argument: str) -> Screen:
    match verb:
        case "page" if is_number(argument):
            return await _show(context, replace(view, page=int(argument)))
        case "only" if argument in FILTERS:
            return await _show(context, replace(view, only=Only(argument), page=0))
        case "mine":
            return await _show(context, replace(view, mine=not view.mine, page=0))
        case "words":
            return await _show(context, replace(view, words="", page=0))
        case "select":
            return await _show(context, replace(view, selecting=not view.selecting, marked=()))
        case "mark" if is_number(argument):
            return await _mark(context, view, int(argument))
    raise StaleButton


async def _mark(context: Context, view: View, number: int) -> Screen:
    marked = set(view.marked) ^ {number}
    if len(marked) <= MOST_AT_ONCE:
        return await _show(context, replace(view, marked=tuple(sorted(marked))))
    most = context.words.say("At most {number} at once", number=MOST_AT_ONCE)
    return await _show(context, view, toast=most)


async def _change(context: Context, list_id: int, wanted: BulkChange) -> Screen:
    """Change the selected profiles, once."""
    view = await _read(context, list_id)
    done = await context.write(profile_selection.change, context.actor_id, list_id, view.marked, wanted, context.now)
    taking_back = [tap(context.words.say("Undo"), "list-undo", done.undo)] if done.names else []
    # The way back stands first, so that a double tap doesn't take the change back.
    return Screen(
        text=lines(_done(context, wanted, done), *map(isolate, done.names)), rows=rows([_back(context)], taking_back)
    )


def _done(context: Context, wanted: BulkChange, done: Changed) -> Markup:
    count, number = context.words.count, len(done.names)
    if not number:
        return context.words.say("Nothing changed: it is already so.")
    match wanted:
        case BulkChange.PAUSE:
            return count("Paused {number} profile:", "Paused {number} profiles:", number)
        case BulkChange.RESUME:
            return count("Resumed {number} profile:", "Resumed {number} profiles:", number)
        case BulkChange.WEEK:
            return count("A week more for {number} profile:", "A week more for {number} profiles:", number)


async def _show(context: Context, view: View, toast: Markup | None = None) -> Screen:
    listing = await _listing(context, view)
    if not listing.total and replace(view, words="", page=0, selecting=False) == View():
        return _nothing_found(context, view.words)
    return await _shown(context, view, listing, toast)


async def _shown(context: Context, view: View, listing: Listing, toast: Markup | None = None) -> Screen:
    view = replace(view, page=listing.page)
    list_id, choosing = await _keep(context, view), _selection if view.selecting else _choices
    return Screen(text=_text(context, view, listing), rows=choosing(context, view, listing, list_id), toast=toast)


async def _listing(context: Context, view: View) -> Listing:
    return await context.read(
        profile_lists.listing,
        context.actor_id,
        view.words,
        view.page,
        context.now,
        size=A_PAGE,
        only=view.only,
        mine=view.mine,
    )


def _text(context: Context, view: View, listing: Listing) -> Markup:
    say = context.words.say
    title = context.words.count("{number} profile", "{number} profiles", listing.total)
    searched = say("With “{words}” in name or department", words=view.words) if view.words else None
    if not listing.total:
        return lines(Markup("<b>{}</b>").format(title), searched, "", say("None at the moment."))
    hint = say("Tap the profiles to select.") if view.selecting else say("Tap one, or type words to find it.")
    order = say(ORDERS[view.only]) if view.only in ORDERS else None
    return lines(Markup("<b>{}</b>").format(title), searched, order, "", hint)


def _choices(context: Context, view: View, listing: Listing, list_id: int) -> Rows:
    say, words = context.words.say, context.words
    opening = [tap(button_label(words, card), "profile", card.profile_id) for card in listing.cards]
    filters = [_tap(list_id, ticked(say(FILTERS[only]), on=view.only is only), "only", only) for only in FILTERS]
    mine = _tap(list_id, ticked(say("Mine"), on=view.mine), "mine")
    selecting = _tap(list_id, say("Select"), "select") if any(card.editable for card in listing.cards) else None
    further = _tap(list_id, say("Clear words"), "words") if view.words else None
    return rows(
        *([button] for button in opening),
        filters[:A_ROW],
        [*filters[A_ROW:], mine, selecting],
        [further or _adding(context)],
        [to_home(words), *_turning(listing, list_id)],
    )


def _selection(context: Context, view: View, listing: Listing, list_id: int) -> Rows:
    say, words = context.words.say, context.words
    marks = [
        _tap(list_id, marked(button_label(words, card), on=number in view.marked), "mark", number)
        for card in listing.cards
        if card.editable and (number := card.profile_id)
    ]
    acting: Sequence[Sequence[InlineKeyboardButton]] = (
        [
            [_tap(list_id, say("Pause"), BulkChange.PAUSE), _tap(list_id, say("Resume"), BulkChange.RESUME)],
            [
                _tap(list_id, say("+1 week"), BulkChange.WEEK),
                tap(say("Delete"), "drop", pack(view.marked), style="danger"),
            ],
        ]
        if view.marked
        else []
    )
    return rows(
        *([button] for button in marks),
        [_tap(list_id, say("‹ Links"), "select"), *_turning(listing, list_id)],
        *acting,
    )


def _turning(listing: Listing, list_id: int) -> list[InlineKeyboardButton]:
    return turning(lambda label, number: _tap(list_id, label, "page", number), listing.page, listing.pages)


def _tap(list_id: int, label: Markup | str, verb: str, *argument: object) -> InlineKeyboardButton:
    return tap(label, VERB, list_id, verb, *argument)


def _back(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Links"), "profiles", 0, "")


def _adding(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("➕ New sign-up link"), "open", "newprofile", style="primary")


def _nothing_found(context: Context, words: str) -> Screen:
    say = context.words.say
    if words:
        text = say("No profile has “{words}” in its name or department. /profiles lists all.", words=words)
        return Screen(text=text, rows=rows([_back(context)]))
    return Screen(text=say("No profiles yet."), rows=rows([_adding(context)], [to_home(context.words)]))


async def _keep(context: Context, view: View) -> int:
    """Keep what a list shows; the plain list needs no row. Not the update's effect: it may be kept twice."""
    if view == View():
        return PLAIN
    return await context.engine.write(questions.ask, context.actor_id, About.LIST, asdict(view), context.now)


async def _read(context: Context, list_id: int) -> View:
    if list_id == PLAIN:
        return View()
    return _view(await context.read(questions.read, context.actor_id, list_id, About.LIST, context.now))


def _view(body: Mapping[str, Any]) -> View:
    return View(
        words=body["words"],
        only=Only(body["only"]),
        mine=body["mine"],
        page=body["page"],
        selecting=body["selecting"],
        marked=tuple(body["marked"]),
    )


COMMANDS = (
    Command(
        name="profiles",
        aliases=("links",),
        handler=search,
        summary=N_("List sign-up profiles, all or those with the given words in their names"),
        examples=("/profiles", "/profiles autumn"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "profiles": paged(page),
    VERB: tapped,
    "list-undo": by_number(undo),
}
