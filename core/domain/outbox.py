"""How far the sending of a message is."""

from enum import StrEnum


class MessageState(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


UNSENT = (MessageState.WAITING, MessageState.CLAIMED)
OPEN = (*UNSENT, MessageState.SENDING)
