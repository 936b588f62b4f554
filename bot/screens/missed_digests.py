"""The ways to the digests that didn't arrive, where each can be sent again."""

from telegram import InlineKeyboardButton

from bot.screens.screen import apart, tap
from bot.wording.phrases import Words

UNDELIVERED = "digest-undelivered"  # the verb of their list


def failed(words: Words, number: int) -> InlineKeyboardButton:
    """Return the button that says how many there are, and lists them."""
    return tap(words.say("Failed · {n}", n=number), UNDELIVERED)


def to_send_again(words: Words) -> InlineKeyboardButton:
    """Return the button that lists them in a message of its own."""
    return apart(tap(words.say("Send again"), UNDELIVERED))
