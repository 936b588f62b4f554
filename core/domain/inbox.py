"""States of received updates."""

from enum import StrEnum


class UpdateState(StrEnum):
    """The state of an update; `core.storage.tables.messages.InboxUpdate` describes the transitions."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ANSWERING = "answering"
    DONE = "done"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"
    GIVEN_UP = "given up"


IN_HAND = (UpdateState.CLAIMED, UpdateState.ANSWERING)
OPEN = (UpdateState.WAITING, *IN_HAND)
UNANSWERED = (UpdateState.INTERRUPTED, UpdateState.UNKNOWN, UpdateState.GIVEN_UP)  # or possibly unanswered
