"""How screens get into a chat, within what Telegram takes."""

import re

from markupsafe import Markup
from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest

from bot.keyboards import Attachment, Screen, Showing

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would fetch the sign-up link, and fill half the screen

ROOM_FOR_THE_END = 32  # characters for an ellipsis and the tags to close, of which there are two at most
TAG = re.compile(r"<(?P<end>/?)(?P<name>\w+)[^>]*>")
HALF = re.compile(r"(<[^>]*|&[^;\s]*)$")  # a tag or a character's name, cut in the middle


async def send(bot: Bot, chat_id: int, screen: Screen, *, thread_id: int | None = None) -> None:
    """Send a screen as a new message, in a topic of a group where one is named."""
    if screen.attachment:
        await _send_file(bot, chat_id, thread_id, screen, screen.attachment)
        return
    await bot.send_message(
        chat_id,
        fitting(screen.text),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup,
        link_preview_options=NO_PREVIEW,
        message_thread_id=thread_id,
    )


async def show_instead(message: Message, screen: Screen) -> None:
    """Show a screen in place of the message's; one that is the same already is no mistake."""
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


def fitting(text: Markup, longest: int = MessageLimit.MAX_TEXT_LENGTH) -> str:
    """Cut a text after the last line that fits into a message, and close the tags that are open there."""
    if len(text) <= longest:
        return text
    room = text[: longest - ROOM_FOR_THE_END]
    whole_lines, _, cut_line = room.rpartition("\n")
    kept = whole_lines or HALF.sub("", cut_line)
    return f"{kept}{_closing(kept)}\n…"


def _closing(text: str) -> str:
    """Close the tags that are open at the end of a text."""
    open_tags: list[str] = []
    for tag in TAG.finditer(text):
        if tag["end"]:
            open_tags.pop()
        else:
            open_tags.append(tag["name"])
    return "".join(f"</{name}>" for name in reversed(open_tags))


def shortened(text: str, longest: int) -> str:
    """Cut a plain text to a length."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


async def _send_file(bot: Bot, chat_id: int, thread_id: int | None, screen: Screen, attachment: Attachment) -> None:
    sending = bot.send_photo if attachment.showing is Showing.PICTURE else bot.send_document
    await sending(
        chat_id,
        attachment.contents,
        caption=fitting(screen.text, MessageLimit.CAPTION_LENGTH),
        parse_mode=ParseMode.HTML,
        reply_markup=screen.markup,
        filename=attachment.name,
        message_thread_id=thread_id,
    )
