"""Long lists in pages that fit into a message."""

from telegram import InlineKeyboardButton

from bot.screens.screen import tap
from bot.wording.lists import Page
from bot.wording.phrases import Words

LONGEST_WORDS = 36  # bytes of the words that a button which turns or marks a page carries along; it has 64 in all


def turning(words: Words, page: Page, verb: str, *arguments: str) -> list[InlineKeyboardButton]:
    """Make the buttons to the pages before and after."""
    buttons = []
    if page.number > 0:
        buttons.append(tap(words.say("‹ Back"), verb, page.number - 1, *arguments))
    if page.number + 1 < page.pages:
        buttons.append(tap(words.say("More ›"), verb, page.number + 1, *arguments))
    return buttons


def kept(text: str) -> str:
    """Cut searched words to what a button can carry."""
    return text.encode()[:LONGEST_WORDS].decode(errors="ignore")
