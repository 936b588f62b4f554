"""Long lists in pages that fit into a message."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import tap
from bot.wording.lists import Page
from bot.wording.phrases import Words

LONGEST_WORDS = 36  # bytes of the words that a button which turns or marks a page carries along; it has 64 in all


def turning(words: Words, page: Page, verb: str, *arguments: str) -> list[InlineKeyboardButton]:
    """Make the buttons to the pages before and after."""
    before, after = words.say("‹ Back"), words.say("More ›")
    return beside(page.number, page.pages, verb, *arguments, before=before, after=after)


def beside(
    number: int, pages: int, verb: str, *arguments: str, before: Markup, after: Markup
) -> list[InlineKeyboardButton]:
    """Make the buttons to the pages `before` and `after` one of so many, by these words."""
    buttons = []
    if number > 0:
        buttons.append(tap(before, verb, number - 1, *arguments))
    if number + 1 < pages:
        buttons.append(tap(after, verb, number + 1, *arguments))
    return buttons


def onward(
    words: Words, verb: str, after: int, last: int | None, asked: str, *between: InlineKeyboardButton
) -> list[InlineKeyboardButton]:
    """Make the buttons of a list that is read on from the `last` number shown: to its first page, and to the next one.

    The page shown is the one `after` a number; `last` None: it is the last page. The words `asked` for go along.
    """
    first = [tap(words.say("« First"), verb, 0, kept(asked))] if after else []
    following = [tap(words.say("More ›"), verb, last, kept(asked))] if last is not None else []
    return [*first, *between, *following]


def kept(text: str) -> str:
    """Cut searched words to what a button can carry."""
    return text.encode()[:LONGEST_WORDS].decode(errors="ignore")
