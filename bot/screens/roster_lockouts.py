"""The question before only the people of a list can sign up, if that locks out others."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.addresses import called
from bot.wording.labels import COMMA
from bot.wording.lists import more
from bot.wording.phrases import Words
from bot.wording.rosters import locking_out, locking_out_below
from bot.wording.text import lines
from core.services.roster_lockouts import LockedOut, LockedOutGroup


def question(words: Words, found: LockedOut, *, add: str, accept: str, back: InlineKeyboardButton) -> Screen:
    """Ask what becomes of who would be locked out, naming the first; `add` and `accept` are what buttons carry."""
    return Screen(
        text=lines(
            *_named(words, locking_out(words, found.invited.people), found.invited),
            *_named(words, locking_out_below(words, found.expected.people), found.expected),
        ),
        rows=rows(
            [tap(words.say("Add them to the list"), add, style="success")],
            [back],
            [tap(words.say("Turn on anyway"), accept, style="danger")],
        ),
    )


def _named(words: Words, said: Markup, group: LockedOutGroup) -> list[Markup]:
    """Say how many are locked out, naming the first; nothing if nobody is."""
    named = [called(words, each) for each in group.first]
    return [said, COMMA.join([*named, *more(words, group.people - len(named))])] if group.people else []
