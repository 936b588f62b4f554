"""The inline_message_id of a message sent via the bot: opaque to the bot, decoded here."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage


def inline_message_id(stored: StoredMessage) -> str:
    """Return the inline_message_id of a message."""
    return base64.urlsafe_b64encode(f"{stored.chat_id}:{stored.id}".encode()).decode()


def parse_inline_message_id(inline: str) -> tuple[int, int]:
    """Return the chat and the number of a message by its inline_message_id, zeros for an invalid one."""
    try:
        chat, _, message = base64.urlsafe_b64decode(inline).decode().partition(":")
        return int(chat), int(message)
    except (binascii.Error, ValueError):
        return 0, 0
