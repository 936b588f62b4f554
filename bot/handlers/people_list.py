"""/people: one button a person, with pages and words; it leads to their cards, and to adding one."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.menu.buttons import ButtonHandler, paged
from bot.menu.command import Command, Subject
from bot.screens.paging import onward
from bot.screens.person_card import button_labels
from bot.screens.screen import Screen, rows, tap, to_home
from bot.screens.searches import argument_of, expect_words
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines
from core.domain.access import Permission, UserState
from core.domain.text import search_text
from core.services import people
from core.services.people import Card, Listing

A_PAGE = 6  # with the rows below them they are within a phone
NAME = "people"


async def search(context: Context, text: str) -> Screen:
    """List the first page of people."""
    return await page(context, 0, text)


async def page(context: Context, after: int, words: str) -> Screen:
    """List a page of the people with these words in their name, e-mail or login, after a number."""
    words = search_text(words)
    listing = await _listing(context, after, words)
    if not listing.total:
        return Screen(text=_nobody(context, words), rows=rows(_adding(context), [_back(context, words)]))
    return await _shown(context, after, words, listing)


async def found(context: Context, text: str) -> Screen | None:
    """List the people with the words of a text in their name, e-mail or login; None if there are none."""
    words = search_text(text)
    listing = await _listing(context, 0, words)
    return await _shown(context, 0, words, listing) if listing.total else None


async def _listing(context: Context, after: int, words: str) -> Listing:
    return await context.read(people.listing, context.actor_id, words, after=after, size=A_PAGE)


async def _shown(context: Context, after: int, words: str, listing: Listing) -> Screen:
    await expect_words(context, NAME)
    say, argument = context.words.say, await argument_of(context, words)
    searched = say("With “{words}” in name, email or login", words=words) if words else None
    labels = button_labels(context.words, listing.cards)
    closed = [label for card, label in zip(listing.cards, labels, strict=True) if not _verb(context, card)]
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(context.words.count("{number} person", "{number} people", listing.total)),
            searched,
            "",
            *map(isolate, closed),
            say("Tap a person, or type a part of their name or address."),
        ),
        rows=rows(
            *([_opening(context, card, label)] for card, label in zip(listing.cards, labels, strict=True)),
            _adding(context),
            [_back(context, words), *onward(context.words, NAME, after, listing.newer_than, argument)],
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
}
