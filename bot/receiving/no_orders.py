"""Answers to messages that are no orders: forwarded, or written by a bot or in a chat's name."""

from collections.abc import Mapping
from datetime import timedelta

from markupsafe import Markup
from telegram import Message

from bot.context import Context
from bot.receiving.incoming import written
from bot.screens.screen import Screen, copy, rows, to_home
from bot.wording.phrases import N_
from bot.wording.text import command, lines
from core.domain.updates import Source
from core.security_log import Reason, SecurityEvent
from core.services import repetitions

SAID_ONCE_IN = timedelta(minutes=1)  # a person forwards several messages at once
LONGEST_LINE = 3500  # characters that fit into an answer with a sentence above them

WHY_NOT: Mapping[Source, str] = {
    Source.CHAT: N_("I don't act on messages in the name of a group or a channel. Type the line here yourself."),
    Source.BUSINESS: N_("I don't act on messages that come through another account. Type the line here yourself."),
    Source.VIA_BOT: N_(
        "I don't act on what another bot wrote, because you may not have seen it before. Type the line here yourself."
    ),
    Source.FORWARDED: N_(
        "I don't act on forwarded messages, because another person may have written them. "
        "If you want this done, type it here yourself."
    ),
}


async def refuse(context: Context, message: Message, source: Source) -> Screen | None:
    """Say in one sentence why a message was not carried out; None if that was just said, or needs no answer."""
    is_own_card = message.via_bot is not None and message.via_bot.username == context.bot_name
    if source not in WHY_NOT or is_own_card:
        return None
    if not await _is_news(context, f"not carried out: {source}", SAID_ONCE_IN):
        return None
    context.engine.security_log.write(SecurityEvent.ORDER_REFUSED, user=context.actor_id, reason=Reason.NOT_TYPED)
    return to_send(context, context.words.say(WHY_NOT[source]), written(message))


def to_send(context: Context, why: Markup, text: str) -> Screen:
    """Say why a text was not carried out, with the text to copy and send, and the way to the first screen."""
    say = context.words.say
    label = say("Copy the line") if text.startswith("/") else say("Copy the text")
    shown = command(text) if text and len(text) <= LONGEST_LINE else None
    return Screen(
        text=lines(why, shown),
        rows=rows([copy(label, text) if text else None], [to_home(context.words)]),
    )


async def _is_news(context: Context, what: str, within: timedelta) -> bool:
    return await context.write(repetitions.is_news, context.actor_id, what, context.now, within=within)
