"""Digests that have stopped: told to their recipient, with a button to resume them, and to those whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.digest_cards import listed
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.outbox import Kind
from core.services.digest_cards import DigestCard
from core.services.digest_resuming import StoppedOf

RESUME = "digest-resume"  # the verb of the button


def own(words: Words, stopped: Sequence[DigestCard]) -> Screen:
    """Tell a person which of their digests have stopped."""
    number = len(stopped)
    return Screen(
        text=lines(
            words.count("{number} of your digests has stopped:", "{number} of your digests have stopped:", number),
            *(listed(words, card) for card in stopped),
            words.say("Resumed, they come to this chat, the first with all that was missed."),
        ),
        rows=rows([resuming(words), tap(words.say("‹ Digest"), "digest", "")]),
    )


def below(words: Words, screen: Screen, stopped: Sequence[DigestCard]) -> Screen:
    """Tell the same below another screen, if any has stopped."""
    if not stopped:
        return screen
    told = own(words, stopped)
    return replace(screen, text=lines(screen.text, "", told.text), rows=(*told.rows, *screen.rows))


def resuming(words: Words) -> InlineKeyboardButton:
    """Return the button that lets all digests go on that have stopped."""
    return tap(words.say("Resume"), RESUME, style="success")


def of_another(words: Words, stopped: StoppedOf, user_id: int, why: Kind) -> Screen:
    """Tell those whom it concerns that a person's digests have stopped, and why."""
    name, number = stopped.name, stopped.number
    reason = (
        words.say("{name} may no longer get digests.", name=name)
        if why is Kind.DIGEST_RIGHT_LOST
        else words.say("{name} can no longer be reached in Telegram.", name=name)
    )
    ended = (
        words.say("Their digest has stopped.")
        if number == 1
        else words.count("Their {number} digest has stopped.", "Their {number} digests have stopped.", number)
    )
    back = words.say("On coming back, they are asked whether to resume.")
    text = lines(Markup("{} {}").format(reason, ended), back)
    return Screen(text=text, rows=rows([tap(words.say("Show the person"), "person", user_id)]))
