"""Buttons that turn the pages of a list."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import tap
from bot.wording.lists import Page
from bot.wording.phrases import Words


def page_buttons(words: Words, page: Page, verb: str, *arguments: str) -> list[InlineKeyboardButton]:
    """Return the buttons to the previous and the next page."""
    before, after = words.say("‹ Back"), words.say("More ›")
    return beside(page.number, page.pages, verb, *arguments, before=before, after=after)


def beside(
    number: int, pages: int, verb: str, *arguments: str, before: Markup, after: Markup
) -> list[InlineKeyboardButton]:
    """Return the buttons to the previous and the next page, with the labels `before` and `after`."""
    buttons = []
    if number > 0:
        buttons.append(tap(before, verb, number - 1, *arguments))
    if number + 1 < pages:
        buttons.append(tap(after, verb, number + 1, *arguments))
    return buttons


def onward(
    words: Words, verb: str, after: int, last: int | None, asked: str, *between: InlineKeyboardButton
) -> list[InlineKeyboardButton]:
    """Return the buttons to the first and to the next page of a list that is read in the order of its numbers.

    The current page follows the number `after` and ends with `last`, None on the last page; `asked`: the search as a
    button carries it.
    """
    first = [tap(words.say("« First"), verb, 0, asked)] if after else []
    following = [tap(words.say("More ›"), verb, last, asked)] if last is not None else []
    return [*first, *between, *following]
