"""What a message says and where: its line, a pasted link, its topic and its group."""

import re
from collections.abc import Iterable

from telegram import InlineKeyboardButton, Message
from telegram.constants import ChatType

from bot.context import BotAddresses, ReceivedFile
from bot.input.pasted import invitation_code, sign_up_token
from core.domain.text import key
from core.services.group_digests import Group

NUMBERED = " · "  # between a label and a number
MARKS = "‹› ⏳"  # around the words of labels
LINE = re.compile(r"/(?P<name>[^\s@]+)(?:@(?P<bot>\w+))?(?:\s+(?P<text>.*))?", re.DOTALL)


def parse(message: Message, bot_name: str) -> tuple[str, str]:
    """Return a line's command and the text after it; no command if it is for another bot."""
    line = LINE.fullmatch(written(message))
    if line is None or (line["bot"] or bot_name).casefold() != bot_name.casefold():
        return "", ""
    return line["name"].lower(), (line["text"] or "").strip()


def written(message: Message) -> str:
    """Return what a person wrote: a text, or what stands below a document or a photo."""
    return (message.text or (message.caption if message.document or message.photo else "") or "").strip()


def own_screen(message: Message, bot_name: str) -> Message | None:
    """Return the screen of this bot that a message replies to; None if it replies to none."""
    screen = message.reply_to_message
    return screen if screen and screen.from_user and screen.from_user.username == bot_name else None


def buttons_of(screen: Message) -> list[InlineKeyboardButton]:
    """Return the buttons of a screen."""
    return [button for row in (screen.reply_markup.inline_keyboard if screen.reply_markup else ()) for button in row]


def button_called(buttons: Iterable[InlineKeyboardButton], text: str) -> str:
    """Return the data of the button with this label, whose marks and number may be left out; empty if there is none."""
    called = (button.callback_data for button in buttons if key(text) in _names(button.text))
    return next((data for data in called if isinstance(data, str)), "")


def _names(label: str) -> set[str]:
    return {key(name.strip(MARKS)) for name in (label, label.partition(NUMBERED)[0])}


def file_of(message: Message | None) -> ReceivedFile | None:
    """Return the document that a message carries, if any."""
    document = message.document if message else None
    if document is None:
        return None
    return ReceivedFile(file_id=document.file_id, name=document.file_name or "", size=document.file_size or 0)


def photo_of(message: Message | None) -> ReceivedFile | None:
    """Return the photo that a message carries, in its largest size, if any."""
    if message is None or not message.photo:
        return None
    photo = message.photo[-1]
    return ReceivedFile(file_id=photo.file_id, name="", size=photo.file_size or 0)


def pasted(message: Message, addresses: BotAddresses) -> tuple[str, str] | None:
    """Return what a message with a pasted link means: `start` and an invitation's code, or a sign-up link's token."""
    text, links = message.text or "", [entity.url for entity in message.entities if entity.url]
    if code := invitation_code(text, addresses.bot_name, links=links):
        return "start", code
    token = sign_up_token(text, addresses.public_url)
    return ("", token) if token else None


def group_of(message: Message | None) -> Group | None:
    """Return the group that a message is in, if it isn't in a private chat."""
    if message is None or message.chat.type == ChatType.PRIVATE:
        return None
    return Group(chat_id=message.chat_id, thread_id=topic(message), title=message.chat.title or "")


def topic(message: Message | None) -> int | None:
    """Return the topic of a group that a message is in, if any."""
    return message.message_thread_id if message and message.is_topic_message else None
