"""/people: one button a person, with pages and words; it leads to their cards, and to adding one."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.menu.buttons import ButtonHandler, by_numbers, paged
from bot.menu.command import Command, Subject
from bot.screens.paging import onward
from bot.screens.person_card import button_labels
from bot.screens.screen import Screen, rows, tap, to_home
from bot.screens.searches import argument_of, expect_words
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines
from core.domain.access import Permission, UserState
from core.domain.naming import format_path
from core.domain.text import search_text
from core.services import department_tree, people_list
from core.services.people import Card
from core.services.people_list import Listing

A_PAGE = 6  # with the rows below them they are within a phone
NAME, IN = "people", "people-in"  # verbs of buttons; the first is the command's name, too


@dataclass(frozen=True, kw_only=True)
class Part:
    """The part of the people that a list shows: which, after which number, and how its buttons lead on and back."""

    about: Markup | None
    after: int
    verb: str
    argument: str
    back: InlineKeyboardButton


async def search(context: Context, text: str) -> Screen:
    """List the first page of people."""
    return await page(context, 0, text)


async def page(context: Context, after: int, words: str) -> Screen:
    """List a page of the people with these words in their name, e-mail or login, after a number."""
    words = search_text(words)
    listing = await _listing(context, after, words)
    if not listing.total:
        return Screen(text=_nobody(context, words), rows=rows(_adding(context), [_back(context, words)]))
    return await _shown(context, listing, await _searched(context, after, words))


async def found(context: Context, text: str) -> Screen | None:
    """List the people with the words of a text in their name, e-mail or login; None if there are none."""
    words = search_text(text)
    listing = await _listing(context, 0, words)
    return await _shown(context, listing, await _searched(context, 0, words)) if listing.total else None


async def page_in(context: Context, after: int, department_id: int) -> Screen:
    """List a page of the people in a department and below it, after a number. Raises DepartmentGone."""
    listing = await _listing(context, after, "", department_id)
    say, path = context.words.say, await context.read(department_tree.path, context.actor_id, department_id)
    part = Part(
        about=say("In {department} and below it", department=format_path(path)),
        after=after,
        verb=IN,
        argument=str(department_id),
        back=tap(say("‹ Back"), "department", department_id, 0),
    )
    return await _shown(context, listing, part)


async def _listing(context: Context, after: int, words: str, department_id: int | None = None) -> Listing:
    return await context.read(
        people_list.listing, context.actor_id, words, after=after, size=A_PAGE, department_id=department_id
    )


async def _searched(context: Context, after: int, words: str) -> Part:
    return Part(
        about=context.words.say("With “{words}” in name, email or login", words=words) if words else None,
        after=after,
        verb=NAME,
        argument=await argument_of(context, words),
        back=_back(context, words),
    )


async def _shown(context: Context, listing: Listing, part: Part) -> Screen:
    await expect_words(context, NAME)
    labels = button_labels(context.words, listing.cards)
    closed = [label for card, label in zip(listing.cards, labels, strict=True) if not _verb(context, card)]
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(context.words.count("{number} person", "{number} people", listing.total)),
            part.about,
            "",
            *map(isolate, closed),
            context.words.say("Tap a person, or type a part of their name or address."),
        ),
        rows=rows(
            *([_opening(context, card, label)] for card, label in zip(listing.cards, labels, strict=True)),
            _adding(context),
            [part.back, *onward(context.words, part.verb, part.after, listing.newer_than, part.argument)],
        ),
    )


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


def _adding(context: Context) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("➕ Add a person"), "open", "addperson")]


def _back(context: Context, words: str) -> InlineKeyboardButton:
    """Return the way back: from what was searched to everyone, from there to the first screen."""
    return tap(context.words.say("‹ People"), NAME, 0, "") if words else to_home(context.words)


def _nobody(context: Context, words: str) -> Markup:
    say = context.words.say
    if words:
        return say("Nobody has “{words}” in their name, email or login. /people lists everyone.", words=words)
    return lines(
        say("You don't manage anyone yet. This line adds a person:"),
        command("/addperson Anna | Berzina | anna@example.com | Sales / EMEA"),
    )


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
