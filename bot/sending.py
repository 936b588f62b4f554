"""How screens get into a chat, within what Telegram takes."""

from markupsafe import Markup
from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest

from bot.keyboards import Attachment, Screen, Showing

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would fetch the sign-up link, and fill half the screen


async def send(bot: Bot, chat_id: int, screen: Screen) -> None:
    """Send a screen as a new message."""
    if screen.attachment:
        await _send_file(bot, chat_id, screen, screen.attachment)
        return
    await bot.send_message(
        chat_id,
        fitting(screen.text),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup,
        link_preview_options=NO_PREVIEW,
    )


async def show_instead(message: Message, screen: Screen) -> None:
    """Show a screen in place of the message's; one that is the same already is no mistake."""
    if screen.attachment:
        await send(message.get_bot(), message.chat_id, screen)
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


def fitting(text: Markup, longest: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """Cut a text after the last line that fits into a message; tags never span lines, so none is left open."""
    if len(text) <= longest:
        return text
    whole_lines, _, cut_line = text[: longest - 2].rpartition("\n")
    return f"{whole_lines or cut_line}\n…"


def shortened(text: str, longest: int) -> str:
    """Cut a plain text to a length."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


async def _send_file(bot: Bot, chat_id: int, screen: Screen, attachment: Attachment) -> None:
    caption = fitting(screen.text, MessageLimit.CAPTION_LENGTH)
    if attachment.showing is Showing.PICTURE:
        await bot.send_photo(
            chat_id,
            attachment.contents,
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.markup,
            filename=attachment.name,
        )
    else:
        await bot.send_document(
            chat_id,
            attachment.contents,
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.markup,
            filename=attachment.name,
        )
