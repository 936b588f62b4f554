"""What is shown if a file that a person sent can't be fetched any more."""

from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows
from bot.wording.phrases import Words


def unavailable(words: Words, back: InlineKeyboardButton) -> Screen:
    """Ask to send a file again; the button leads back to what it is about."""
    text = words.say("I couldn't fetch the file from Telegram. Please send it again.")
    return Screen(text=text, rows=rows([back]))
