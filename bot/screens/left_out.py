"""The list of all whom a preview leaves out, and the button that leads to it."""

from telegram import InlineKeyboardButton

from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, tap
from bot.wording import left_out as wording
from bot.wording.lists import page_of
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.left_out import PeopleLeftOut

VERB = "left-out"
A_PAGE = 16


def to_left_out(words: Words, left_out: PeopleLeftOut, *back: object) -> list[InlineKeyboardButton]:
    """Return the button to all who are left out, if the preview doesn't name them all; `back` leads back to it."""
    number = wording.number_left_out(left_out)
    return [tap(words.say("Left out · {number}", number=number), VERB, 0, *back)] if number else []


def listing(words: Words, left_out: PeopleLeftOut, wanted: int, back: str) -> Screen:
    """List who is left out and why, a page of them."""
    entries = wording.entries(words, left_out) or [words.say("Nobody is left out.")]
    page = page_of(entries, wanted, most=A_PAGE)
    return Screen(
        text=lines(*entries[page.places.start : page.places.stop]),
        rows=rows(
            page_buttons(words, page, VERB, back),
            [InlineKeyboardButton(words.say("‹ Back").unescape(), callback_data=back)],
        ),
    )
