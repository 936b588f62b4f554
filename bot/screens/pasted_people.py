"""What can be done with several people who were pasted: buttons that carry the number under which they are kept."""

from enum import IntEnum

from telegram import InlineKeyboardButton

from bot.screens.screen import tap
from bot.wording.phrases import Words

VERB = "pasted"


class Purpose(IntEnum):
    """What to do with people; the values are carried by buttons."""

    EXPECT = 0
    SEND = 1


def buttons(words: Words, question_id: int, *about: int, can_mail: bool) -> list[InlineKeyboardButton]:
    """Return the buttons that say what to do with people, and for which profile, if `about` has the number of one.

    A link can be sent to them if there is a mail server.
    """
    sending = [tap(words.say("Send a link"), VERB, question_id, Purpose.SEND, *about)] if can_mail else []
    return [tap(words.say("Expect them"), VERB, question_id, Purpose.EXPECT, *about), *sending]
