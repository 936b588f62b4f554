"""The list of all whom a preview leaves out, and the button that leads to it."""

from telegram import InlineKeyboardButton

from bot.screens import lost_files
from bot.screens.paging import beside
from bot.screens.screen import Screen, rows, tap
from bot.wording import left_out as wording
from bot.wording.lists import page_of
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.left_out import PeopleLeftOut

VERB = "left-out"
A_PAGE = 12  # with the reasons above them they are within a phone


def to_left_out(words: Words, left_out: PeopleLeftOut, *back: object) -> list[InlineKeyboardButton]:
    """Return the button to all who are left out, if the preview doesn't name them all; `back` leads back to it."""
    if wording.are_all_described(left_out):
        return []
    return [tap(words.say("Left out · {number}", number=wording.number_left_out(left_out)), VERB, 0, *back)]


def to_lists(words: Words, unlisted: str, verb: str, *arguments: object) -> list[InlineKeyboardButton]:
    """Return the button that puts on lists whom these would refuse; it carries `unlisted`, which identifies them, last.

    `unlisted` empty: there is nobody, or the person may not change such a list.
    """
    return [tap(words.say("Add them to the list"), verb, *arguments, unlisted)] if unlisted else []


def listing(words: Words, left_out: PeopleLeftOut, wanted: int, back: str) -> Screen:
    """List who is left out and why, a page of them."""
    entries = wording.entries(words, left_out)
    page = page_of([entry for _, entry in entries], wanted, most=A_PAGE)
    shown = wording.below_reasons(words, left_out, entries[page.places.start : page.places.stop])
    before, after = words.say("‹ Previous"), words.say("More ›")
    return Screen(
        text=lines(*shown) if shown else words.say("Nobody is left out."),
        rows=rows(
            beside(page.number, page.pages, VERB, back, before=before, after=after),
            [_to_preview(words, back)],
        ),
    )


def unavailable(words: Words, back: str) -> Screen:
    """Say that the file of a previewed list can't be read any more."""
    return lost_files.unavailable(words, _to_preview(words, back))


def _to_preview(words: Words, back: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(words.say("‹ Back").unescape(), callback_data=back)
