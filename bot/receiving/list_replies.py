"""Replies to a screen that asks for a list of people: theirs is that screen's list, whatever was asked for since."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Message

from bot.context import Context
from bot.handlers import link_mail_lists, list_questions, roster_lists
from bot.handlers.rosters import holder_on
from bot.receiving.incoming import own_screen, written
from bot.screens.screen import Screen, rows, to_home
from bot.wording.link_mails import nothing_yet
from bot.wording.roster_lists import how_to_send
from core.services.awaited_lists import Awaited
from core.services.questions import About

READERS: Mapping[About, Callable[[Context, str, Awaited], Awaitable[Screen | None]]] = {
    About.ROSTER: roster_lists.answered,
    About.LINK_MAIL: link_mail_lists.answered,
}


def is_one(context: Context, message: Message) -> bool:
    """Return whether a message replies to a screen that asks for a list of people."""
    return _asked_on(context, message) is not None


async def answer(context: Context, message: Message) -> Screen | None:
    """Preview the list that was sent as a reply, or say that it can't be told whose it is; None if it names nobody."""
    about, screen = _asked_on(context, message), own_screen(message, context.bot_name)
    of = holder_on(screen.reply_markup) if screen is not None else None
    waiting = await list_questions.awaited_for(context, about, of) if about is not None and of is not None else None
    if about is None or waiting is None:
        return _ask_for_line(context)
    return await READERS[about](context, written(message), waiting)


def _asked_on(context: Context, message: Message) -> About | None:
    """Return for which kind of list the screen asks that a message replies to; None if for none."""
    screen = own_screen(message, context.bot_name)
    said = (screen.text or "") if screen is not None else ""
    if how_to_send(context.words).unescape() not in said:
        return None
    return About.LINK_MAIL if nothing_yet(context.words).unescape() in said else About.ROSTER


def _ask_for_line(context: Context) -> Screen:
    say = context.words.say
    text = say(
        "I can't tell any more whose list that is. Send the line that asked for it again, then the list below it."
    )
    return Screen(text=text, rows=rows([to_home(context.words)]))
