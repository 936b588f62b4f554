"""Sends screens to a chat, within Telegram's limits of length."""

from contextlib import suppress
from typing import Any

from telegram import Bot, Message
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest

from bot.screens.screen import Attachment, Screen, Showing
from bot.sending.http_client import call
from bot.wording.text import fitting

NO_PREVIEW = {"is_disabled": True}  # a preview would fetch the sign-up link, and fill half the screen


async def send(bot: Bot, chat_id: int, screen: Screen, *, thread_id: int | None = None) -> int:
    """Send a screen as a new message, in a topic of a group if one is given; return the message's number."""
    if screen.attachment:
        return await _send_file(bot, chat_id, thread_id, screen, screen.attachment)
    place = {"chat_id": chat_id, "message_thread_id": thread_id, "disable_notification": screen.silent or None}
    sent = await _show(bot, "sendMessage", screen, **place)
    return int(sent["message_id"])


async def take_away(bot: Bot, chat_id: int, message_id: int) -> None:
    """Delete one of the bot's own messages; if that is no longer possible, take its buttons away."""
    try:
        await bot.delete_message(chat_id, message_id)
    except BadRequest:  # Bot API: older than 48 hours, or deleted already
        with suppress(BadRequest):
            await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)


async def show_instead(message: Message, screen: Screen) -> None:
    """Show a screen in place of the message's; an unchanged screen is not an error."""
    if screen.attachment:
        await send(message.get_bot(), message.chat_id, screen, thread_id=message.message_thread_id)
    else:
        await edit(message.get_bot(), screen, chat_id=message.chat_id, message_id=message.message_id)


async def edit(bot: Bot, screen: Screen, **place: int | str | None) -> None:
    """Let the message at `place` (parameters of the Bot API) show a screen; an unchanged one is not an error."""
    try:
        await _show(bot, "editMessageText", screen, **place)
    except BadRequest as error:
        if "not modified" not in error.message:
            raise


async def _show(bot: Bot, method: str, screen: Screen, **place: int | str | None) -> Any:  # noqa: ANN401 - the Bot API's message
    """Call a method of the Bot API that shows a text with buttons; return the message as it came."""
    return await call(
        bot,
        method,
        **place,
        text=fitting(screen.text),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup.to_dict() if screen.markup else None,
        link_preview_options=NO_PREVIEW,
    )


async def _send_file(bot: Bot, chat_id: int, thread_id: int | None, screen: Screen, attachment: Attachment) -> int:
    sending = bot.send_photo if attachment.showing is Showing.PICTURE else bot.send_document
    sent = await sending(
        chat_id,
        attachment.contents,
        caption=fitting(screen.text, MessageLimit.CAPTION_LENGTH),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup,
        filename=attachment.name,
        message_thread_id=thread_id,
        disable_notification=screen.silent or None,
    )
    return sent.message_id
