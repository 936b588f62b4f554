"""What is said in groups: to a line there, and when the bot is added to one."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from telegram import Chat

from bot.context import Context
from bot.handlers.digest_places import CODE as MOVED
from bot.handlers.live_cards import CODE
from bot.screens.screen import Screen
from bot.sending.replies import GroupCard, NewMessage, Removal, Reply
from bot.wording.text import address, lines
from core.errors import DatabaseUnavailable
from core.language import Language
from core.services import account, live_cards, repetitions
from core.services.group_digests import Group

DIGEST = re.compile(rf"{MOVED}(?P<number>\d{{1,18}})")
CARD = re.compile(rf"{CODE}(?P<number>\d{{1,18}})")


def meant(name: str, text: str) -> tuple[str, str]:
    """Return the command and the text that a line in a group means.

    `/start card-1` puts a card there, and `/start digest-1` asks whether a digest shall go there.
    """
    if name == "start" and (card := CARD.fullmatch(text)):
        return "card", card["number"]
    if name == "start" and (digest := DIGEST.fullmatch(text)):
        return "digest", f"#{digest['number']}"
    return name, text


def within(context: Context, chat: Chat, language: Language) -> Context:
    """Return the context of a person's act in a group that isn't a message; others read `language`, too."""
    group = Group(chat_id=chat.id, thread_id=None, title=chat.title or "")
    return replace(context, chat_id=chat.id, group=group, words=replace(context.words, language=language))


async def greeting(context: Context) -> Screen | None:
    """Say what the bot does in a group, and how to get it; None if it was said there a moment ago."""
    news = await context.write(
        repetitions.is_news,
        context.actor_id,
        f"greeting in {context.chat_id}",
        context.now,
        within=repetitions.WITHIN,
    )
    if not news:
        return None
    say, organisation = context.words.say, await context.read(account.organisation)
    private = address(f"https://t.me/{context.bot_name}")
    return Screen(
        text=lines(
            say("Hello! I take sign-ups for {organisation}.", organisation=organisation.name or context.bot_name),
            "",
            say("Here I can keep the card of a sign-up, with its link and the places left:"),
            context.words.line("/card 1"),
            say("and post a digest of who joined:"),
            context.words.line("/digest weekly mon 09:00"),
            "",
            say("I do so for people who may, and read only lines that begin with a slash."),
            say("If I may pin messages here, I pin the card. All else: {link}", link=private),
        )
    )


def replies(context: Context, screen: Screen | None) -> Sequence[Reply]:
    """Return how a screen, if any, is sent to a group: a card is pinned, and the message that showed it before goes."""
    if screen is None:
        return []
    if screen.card is None:
        return [NewMessage(chat_id=context.chat_id, thread_id=context.thread_id, screen=screen)]
    shown = partial(_note, context, screen.card.card_id)
    card = GroupCard(chat_id=context.chat_id, thread_id=context.thread_id, screen=screen, sent=shown)
    if screen.card.instead_of is None:
        return [card]
    return [card, Removal(chat_id=context.chat_id, message_id=screen.card.instead_of)]


async def _note(context: Context, card_id: int, message_id: int) -> None:
    """Note which message shows the card. If that fails, the card stays as it is until it is asked for again."""
    with suppress(DatabaseUnavailable):
        await context.engine.write(live_cards.sent, card_id, message_id)
