"""Answers to taps: the screen in place of the tapped one, or the reason why not."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import CallbackQuery, Message

from bot.context import Context
from bot.handlers import profile_removal
from bot.input.arguments import StaleButton, UsageError
from bot.input.hasty_taps import HastyTap
from bot.receiving import asked_anew, security_events
from bot.receiving.routes import button_name, handle_button
from bot.screens.screen import APART, Screen, with_way_back
from bot.sending.replies import CommandsMenu, NewMessage, Reply, ScreenChange, TapAnswer
from bot.wording import refusals
from bot.wording.phrases import Words
from core.errors import PreviewOutdated, ProfileNotFound, Refusal, SignUpNotPending
from core.services import inbox


async def answer(context: Context, query: CallbackQuery, message: Message) -> Sequence[Reply]:
    """Handle the tapped button of a message."""
    data = (query.data or "").removeprefix(APART)
    try:
        screen = await handle_button(context, data)
    except HastyTap:
        return [TapAnswer(query_id=query.id, text=context.words.say("Read the question first."))]
    except (StaleButton, UsageError):
        return [TapAnswer(query_id=query.id, text=outdated(context.words), alert=True)]
    except ProfileNotFound as refused:
        return await _gone(context, query, message, refused)
    except (PreviewOutdated, SignUpNotPending) as refused:
        return await _changed(context, query, message, refused)
    except Refusal as refused:
        security_events.report_refusal(context, refused, button_name(data))
        return [await _refusal(context, query, refused)]
    screen = with_way_back(context.words, screen)
    return [
        _shown(query, message, screen),
        TapAnswer(query_id=query.id, text=screen.toast),
        *menu_of(context, screen),
    ]


def menu_of(context: Context, screen: Screen) -> Sequence[Reply]:
    """Return the change of Telegram's menu that goes with a screen, if one does."""
    return [CommandsMenu(chat=context.chat_id, commands=screen.menu)] if screen.menu else []


def _shown(query: CallbackQuery, message: Message, screen: Screen) -> Reply:
    """Show a screen in place of the tapped one, or below it if the button or the screen says that the message stays."""
    if screen.below or (query.data or "").startswith(APART):
        return NewMessage(chat_id=message.chat_id, screen=screen)
    return ScreenChange(message=message, screen=screen)


async def _gone(context: Context, query: CallbackQuery, message: Message, refused: ProfileNotFound) -> Sequence[Reply]:
    """Let a profile's screen say what became of it, if it was deleted."""
    done = await context.read(inbox.is_done_already, context.in_hand.claim, context.now)
    screen = None if done else await profile_removal.became(context, refused.profile_id)
    if screen is None:
        return [await _refusal(context, query, refused)]
    return [_shown(query, message, screen), TapAnswer(query_id=query.id, text=None)]


async def _changed(context: Context, query: CallbackQuery, message: Message, refused: Refusal) -> Sequence[Reply]:
    """Ask anew, besides saying why nothing was done: the tapped button would be refused for good."""
    said = await _refusal(context, query, refused)
    data = (query.data or "").removeprefix(APART)
    screen = await asked_anew.ask(context, data) if said.alert else None
    return [_shown(query, message, with_way_back(context.words, screen)), said] if screen else [said]


def outdated(words: Words) -> Markup:
    """Say that a button is from an older version."""
    return words.say("This button is from an older version. /help shows what works now.")


async def _refusal(context: Context, query: CallbackQuery, refused: Refusal) -> TapAnswer:
    """Say why a tap was refused; a second tap of a button whose effect is done would contradict the success."""
    if await context.read(inbox.is_done_already, context.in_hand.claim, context.now):
        return TapAnswer(query_id=query.id, text=context.words.say("Done already."))
    return TapAnswer(query_id=query.id, text=refusals.refusal(context.words, refused), alert=True)
