"""/people: one button a person, with pages and words; it leads to their cards, and to adding one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, by_numbers, paged
from bot.menu.command import Command, Subject
from bot.screens.paging import onward
from bot.screens.person_card import button_labels
from bot.screens.screen import Screen, rows, tap, to_home
from bot.screens.searches import argument_of, expect_words
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission, UserState
from core.domain.naming import format_path
from core.domain.text import search_text
from core.services import department_tree, people_list
from core.services.people import Card
from core.services.people_list import Listing

A_PAGE = 6  # with the rows below them they are within a phone
NAME, IN, SELECTION = "people", "people-in", "people-list"  # verbs of buttons; the first is the command's name, too


@dataclass(frozen=True, kw_only=True)
class View:
    """What a list shows: people with these words, or of a department, after a number; those who are `marked`."""

    words: str = ""
    department_id: int | None = None
    after: int = 0
    marked: tuple[int, ...] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "View":
        """Return the view that a kept list had. Raises StaleButton if it is another list."""
        if body["command"] != NAME:
            raise StaleButton
        return cls(
            words=body["words"],
            department_id=body["department_id"],
            after=body["after"],
            marked=tuple(body["marked"]),
        )


async def search(context: Context, text: str) -> Screen:
    """List the first page of people."""
    return await page(context, 0, text)


async def page(context: Context, after: int, words: str) -> Screen:
    """List a page of the people with these words in their name, e-mail or login, after a number."""
    view = View(words=search_text(words), after=after)
    listing = await read(context, view)
    if not listing.total:
        back = _back(context, view)
        return Screen(text=_nobody(context, view.words), rows=rows([_adding(context)], [back]))
    return await _shown(context, view, listing)


async def found(context: Context, text: str) -> Screen | None:
    """List the people with the words of a text in their name, e-mail or login; None if there are none."""
    view = View(words=search_text(text))
    listing = await read(context, view)
    return await _shown(context, view, listing) if listing.total else None


async def page_in(context: Context, after: int, department_id: int) -> Screen:
    """List a page of the people in a department and below it, after a number. Raises DepartmentGone."""
    view = View(department_id=department_id, after=after)
    return await _shown(context, view, await read(context, view))


async def read(context: Context, view: View, size: int = A_PAGE) -> Listing:
    """Read the people that a view shows."""
    return await context.read(
        people_list.listing,
        context.actor_id,
        view.words,
        after=view.after,
        size=size,
        department_id=view.department_id,
    )


async def keep(context: Context, view: View) -> int:
    """Keep what a list shows, and return its number; words typed next search the list."""
    return await expect_words(context, NAME, **asdict(view))


async def _shown(context: Context, view: View, listing: Listing) -> Screen:
    labels = button_labels(context.words, listing.cards)
    closed = [label for card, label in zip(listing.cards, labels, strict=True) if not _verb(context, card)]
    list_id = await keep(context, view)
    selecting = tap(context.words.say("Select"), SELECTION, list_id, "show") if listing.changeable else None
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(context.words.count("{number} person", "{number} people", listing.total)),
            await _about(context, view),
            "",
            *map(isolate, closed),
            context.words.say("Tap a person, or type a part of their name or address."),
        ),
        rows=rows(
            *([_opening(context, card, label)] for card, label in zip(listing.cards, labels, strict=True)),
            [_adding(context), selecting],
            [_back(context, view), *await _turning(context, view, listing)],
        ),
    )


async def _about(context: Context, view: View) -> Markup | None:
    """Say which people a list shows, if not all."""
    if view.department_id is not None:
        path = await context.read(department_tree.path, context.actor_id, view.department_id)
        return context.words.say("In {department} and below it", department=format_path(path))
    return context.words.say("With “{words}” in name, email or login", words=view.words) if view.words else None


async def _turning(context: Context, view: View, listing: Listing) -> list[InlineKeyboardButton]:
    if view.department_id is not None:
        return onward(context.words, IN, view.after, listing.newer_than, str(view.department_id))
    return onward(context.words, NAME, view.after, listing.newer_than, await argument_of(context, view.words))


def _opening(context: Context, card: Card, label: str) -> InlineKeyboardButton | None:
    """Return the button that opens a card, or for a person who waits the list from them on, if it is the viewer's."""
    match _verb(context, card):
        case "waiting":
            return tap(label, "waiting", card.user_id - 1, "")
        case "person":
            return tap(label, "person", card.user_id)
    return None


def _verb(context: Context, card: Card) -> str:
    if card.state is not UserState.PENDING:
        return "person"
    return "waiting" if Permission.MANAGE_PROFILES in context.person.permissions else ""


def _adding(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("➕ Add"), "open", "addperson")


def _back(context: Context, view: View) -> InlineKeyboardButton:
    """Return the way back: to the department, from what was searched to everyone, from there to the first screen."""
    say = context.words.say
    if view.department_id is not None:
        return tap(say("‹ Back"), "department", view.department_id, 0)
    return tap(say("‹ People"), NAME, 0, "") if view.words else to_home(context.words)


def _nobody(context: Context, words: str) -> Markup:
    say = context.words.say
    if words:
        return say("Nobody has “{words}” in their name, email or login. /people lists everyone.", words=words)
    return say("You don't manage anyone yet.")


COMMANDS = (
    Command(
        name=NAME,
        handler=search,
        summary=N_("List people, all or those with the given words in their name, email or login"),
        examples=("/people", "/people anna"),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    NAME: paged(page),
    IN: by_numbers(page_in, at_least=2, at_most=2),
}
