"""Sends screens to a chat, within Telegram's limits of length."""

from contextlib import suppress

from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest

from bot.screens.screen import Attachment, Screen, Showing
from bot.wording.text import fitting

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would fetch the sign-up link, and fill half the screen


async def send(bot: Bot, chat_id: int, screen: Screen, *, thread_id: int | None = None) -> int:
    """Send a screen as a new message, in a topic of a group if one is given; return the message's number."""
    if screen.attachment:
        return await _send_file(bot, chat_id, thread_id, screen, screen.attachment)
    sent = await bot.send_message(
        chat_id,
        fitting(screen.text),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup,
        link_preview_options=NO_PREVIEW,
        message_thread_id=thread_id,
    )
    return sent.message_id


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
        return
    try:
        await message.edit_text(
            fitting(screen.text),
            parse_mode=ParseMode.HTML,
            reply_markup=screen.markup,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        if "not modified" not in error.message:
            raise


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
    )
    return sent.message_id
