"""The button that hands a sign-up link on, with a text for the people who get it."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import share
from bot.wording.invitations import open_when, please
from bot.wording.phrases import Words
from bot.wording.text import shortened
from core.domain.naming import own_name
from core.services.profiles import Card

LONGEST_SHARED = 50  # letters of a name: each can take twelve characters of the address, of which browsers take 2,000


def sharing(
    label: Markup, context: Context, card: Card, link: str, *, style: str | None = None
) -> InlineKeyboardButton:
    """Return the button that shares a link of a profile."""
    return share(label, link, invitation(context.words_of(card.organisation), card).unescape(), style=style)


def invitation(words: Words, card: Card) -> Markup:
    """Say for what one signs up, as the link's page names it, and when; a profile's own name is for its managers."""
    when = open_when(words, card.state, card.window)
    return Markup("\n").join([_for_what(words, card), *([when] if when else [])])


def _for_what(words: Words, card: Card) -> Markup:
    names = own_name(card.department), card.organisation.name
    return please(words, *(shortened(name, LONGEST_SHARED) if name else None for name in names))
