"""Numbers of messages that were sent by way of the bot: opaque to the bot, readable here."""

from __future__ import annotations

import base64
import binascii


def inline_id(chat_id: int, message_id: int) -> str:
    """Return the inline_message_id of a message."""
    return base64.urlsafe_b64encode(f"{chat_id}:{message_id}".encode()).decode()


def place_of(inline: str) -> tuple[int, int]:
    """Return the chat and number of the message behind an inline_message_id, zeros for a wrong one."""
    try:
        chat, _, message = base64.urlsafe_b64decode(inline).decode().partition(":")
        return int(chat), int(message)
    except (binascii.Error, ValueError):
        return 0, 0
