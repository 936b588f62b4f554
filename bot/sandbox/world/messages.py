"""A message in a chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.world.events import Event


@dataclass(frozen=True, kw_only=True)
class StoredMessage:
    """A message as it is now; the revision rises with every change anywhere."""

    revision: int
    message: dict[str, Any]

    @property
    def id(self) -> int:
        """The message's number."""
        return int(self.message["message_id"])

    @property
    def chat_id(self) -> int:
        """The number of its chat."""
        return int(self.message["chat"]["id"])

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.message["from"]["is_bot"])

    def replied_to(self) -> dict[str, Any]:
        """Return it as a reply carries it, without what it replied to itself."""
        return {name: value for name, value in self.message.items() if name != "reply_to_message"}

    def as_json(self) -> Event:
        """Return what pages and the state file get."""
        return {"revision": self.revision, "message": self.message}
