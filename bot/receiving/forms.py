"""What is typed while a form is open, and how a form is sent: an earlier screen of it is taken away."""

from collections.abc import Sequence
from functools import partial

from telegram import Message

from bot.context import Context
from bot.handlers import dialogues as forms
from bot.handlers.forms import FORMS
from bot.receiving import line_refusals, security_events
from bot.receiving.routes import BY_NAME
from bot.screens.screen import Screen
from bot.sending.replies import NewMessage, Removal, Reply
from bot.wording import refusals
from core.errors import Refusal
from core.services.dialogues import ShownForm


async def typed(context: Context, message: Message) -> Sequence[Reply]:
    """Answer a text that was typed while a form is open; nothing if none is, or if the message has no text."""
    text = (message.text or "").strip()
    if not text or text.startswith("/") or not context.person.has_open_form:
        return []
    try:
        screen = await forms.typed(FORMS, context, text)
    except Refusal as refused:
        security_events.report_refusal(context, refused, "none")
        screen = await line_refusals.gone(context, refused) or Screen(text=refusals.refusal(context.words, refused))
    return replies(context, screen) if screen else []


async def leave_for(context: Context, name: str, text: str) -> None:
    """Leave the open form for a line, unless the line opens a form in its place."""
    command = BY_NAME.get(name)
    opens_another = command is not None and command.form is not None and not text
    if name and context.person.has_open_form and not opens_another:
        await forms.leave(context)


def replies(context: Context, screen: Screen) -> Sequence[Reply]:
    """Return how a screen is sent as a new message, in place of the one that showed the same form before."""
    if screen.form is None:
        return [NewMessage(chat_id=context.chat_id, screen=screen)]
    shown = partial(_note, context, screen.form.turn)
    reply = NewMessage(chat_id=context.chat_id, screen=screen, sent=shown)
    if screen.form.instead_of is None:
        return [reply]
    return [reply, Removal(chat_id=context.chat_id, message_id=screen.form.instead_of)]


async def _note(context: Context, turn: int, message_id: int) -> None:
    shown = ShownForm(user_id=context.actor_id, chat_id=context.chat_id, turn=turn, message_id=message_id)
    context.in_hand.shown.append(shown)
