"""Digests that have stopped: told to their recipient, with a button to resume them, and to those whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.digest_cards import label, listed
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.outbox import Kind
from core.services.digest_cards import DigestCard
from core.services.digest_resuming import StoppedOf

RESUME, RESUME_ONE = "digest-resume", "digest-resume-one"  # the verbs of the buttons


def own(words: Words, stopped: Sequence[DigestCard]) -> Screen:
    """Tell a person which of their digests have stopped."""
    number = len(stopped)
    return Screen(
        text=lines(
            words.count("{number} of your digests has stopped:", "{number} of your digests have stopped:", number),
            *(listed(words, card) for card in stopped),
            words.say("Resumed, they come to this chat, the first with all that was missed.")
            if any(card.resumable for card in stopped)
            else None,
        ),
        rows=rows(ways_on(words, stopped), [tap(words.say("‹ Digest"), "digest", "")]),
    )


def below(words: Words, screen: Screen, stopped: Sequence[DigestCard]) -> Screen:
    """Tell the same below another screen, if any has stopped."""
    if not stopped:
        return screen
    told = own(words, stopped)
    return replace(screen, text=lines(screen.text, "", told.text), rows=(*told.rows, *screen.rows))


def ways_on(words: Words, cards: Sequence[DigestCard]) -> list[InlineKeyboardButton]:
    """Return the buttons by which stopped digests go on: resumed, or first about something else, one by one."""
    lost = [card for card in cards if card.subscription.stopped_at and not card.resumable]
    return [
        *resuming_any(words, cards),
        *(tap(label(words, card.named), "digest-card", card.named.digest_id) for card in lost[:1]),
    ]


def resuming(words: Words) -> InlineKeyboardButton:
    """Return the button that lets all digests go on that can."""
    return tap(words.say("Resume"), RESUME, style="success")


def resuming_any(words: Words, cards: Sequence[DigestCard]) -> list[InlineKeyboardButton]:
    """Return the same button, if any of these digests can go on."""
    return [resuming(words)] if any(card.resumable for card in cards) else []


def resuming_one(words: Words, card: DigestCard) -> list[InlineKeyboardButton]:
    """Return the button that lets this digest go on, if it can."""
    return [tap(words.say("Resume"), RESUME_ONE, card.named.digest_id, style="success")] if card.resumable else []


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
