"""The question before only the people of a list can sign up, if that locks out others who got the link."""

from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.addresses import called
from bot.wording.labels import COMMA
from bot.wording.lists import more
from bot.wording.phrases import Words
from bot.wording.rosters import locking_out
from bot.wording.text import lines
from core.services.roster_lockouts import LockedOut


def question(words: Words, found: LockedOut, *, add: str, accept: str, back: InlineKeyboardButton) -> Screen:
    """Ask what becomes of who would be locked out, naming the first; `add` and `accept` are what buttons carry."""
    named = [called(words, each) for each in found.first]
    return Screen(
        text=lines(locking_out(words, found.people), COMMA.join([*named, *more(words, found.people - len(named))])),
        rows=rows(
            [tap(words.say("Add them to the list"), add, style="success")],
            [back],
            [tap(words.say("Turn on anyway"), accept, style="danger")],
        ),
    )
