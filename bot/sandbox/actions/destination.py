"""The destination of a message that a person sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import Chat


@dataclass(frozen=True, kw_only=True)
class Destination:
    """The chat that a message is sent to, with its topic and the message that it replies to, if any."""

    chat: Chat
    thread: int | None = None
    reply_to: StoredMessage | None = None
