"""Messages as the sandbox stores them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.world.events import Event


@dataclass(frozen=True, kw_only=True)
class StoredMessage:
    """A message in its current state; the revision numbers the changes in all chats."""

    revision: int
    message: dict[str, Any]

    @property
    def id(self) -> int:
        """The identifier of the message."""
        return int(self.message["message_id"])

    @property
    def chat_id(self) -> int:
        """The identifier of its chat."""
        return int(self.message["chat"]["id"])

    @property
    def by_bot(self) -> bool:
        """Whether the bot sent it."""
        return bool(self.message["from"]["is_bot"]) and "sender_chat" not in self.message

    def as_reply_target(self) -> dict[str, Any]:
        """Return the message as a reply quotes it, without its own reply_to_message."""
        return {name: value for name, value in self.message.items() if name != "reply_to_message"}

    def as_json(self) -> Event:
        """Return the message as the page and the store keep it."""
        return {"revision": self.revision, "message": self.message}
