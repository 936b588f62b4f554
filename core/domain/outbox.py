"""States of outgoing messages."""

from enum import StrEnum


class MessageState(StrEnum):
    """The state of a message; `core.storage.tables.messages.OutboxMessage` describes the transitions."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


UNSENT = (MessageState.WAITING, MessageState.CLAIMED)
OPEN = (*UNSENT, MessageState.SENDING)
