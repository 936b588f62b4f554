"""Edited messages: read anew if no version had an effect yet; else what was done is said, and how to change it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from telegram import Message

from bot.context import Context
from bot.receiving.incoming import written
from bot.receiving.no_orders import to_send
from bot.screens.audit_log_subjects import opening_rows
from bot.screens.screen import Screen
from bot.wording.audit_log import entry
from bot.wording.text import lines
from core.services import edited_messages, repetitions

SAID_ONCE_IN = timedelta(days=1)


def is_other_text(message: Message) -> bool:
    """Return whether a person edited a text: Telegram reports changes of a place or a preview, too."""
    return bool(written(message)) and message.edit_date is not None


async def answer(context: Context, message: Message) -> tuple[Screen | None, bool]:
    """Return what is said of an edited text, once for each text, and whether it is read anew instead."""
    text = written(message)
    found = await context.read(edited_messages.earlier, context.in_hand.claim)
    if found is not None and not found.was_done and (found.is_newest or text.startswith("/")):
        return None, True
    if not await _is_news(context, message, text):
        return None, False
    if found is None or not found.was_done:
        return to_send(context, context.words.say("I read messages when they are sent. Send it again:"), text), False
    return await _done(context, text, found.entries), False


async def _done(context: Context, text: str, entries: Collection[int]) -> Screen:
    """Say what the message did, with the way to what it was about, and the new text to send."""
    say = context.words.say
    may_read = bool(context.person.permissions and entries)
    done = await context.read(edited_messages.done_by, context.actor_id, entries) if may_read else []
    again = to_send(context, say("To do this now, send it again:"), text)
    said = say("That was done already when you sent it, and it stays so.")
    return replace(
        again,
        text=lines(said, *(entry(context.words, each) for each in done), "", again.text),
        rows=(*opening_rows(context.words, context.person.permissions, done), *again.rows),
    )


async def _is_news(context: Context, message: Message, text: str) -> bool:
    """Note that an edit is answered. Not the update's effect: a later edit would be taken for one of what was done."""
    what, now = f"edited: {message.message_id} {text}", context.now
    return await context.engine.write(repetitions.is_news, context.actor_id, what, now, within=SAID_ONCE_IN)
