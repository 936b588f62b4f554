"""What is shown if a file that a person sent is needed again: it can't be fetched any more, or came too early."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import Screen, rows
from bot.wording.phrases import Words


def unavailable(words: Words, back: InlineKeyboardButton) -> Screen:
    """Ask to send a file again; the button leads back to what it is about."""
    text = words.say("I couldn't fetch the file from Telegram. Please send it again.")
    return Screen(text=text, rows=rows([back]))


def file_again(context: Context) -> Markup | None:
    """Say that the file which came with a line has to be sent again after a choice, if one came."""
    return context.words.say("Choose it, then send the file again.") if context.file is not None else None
