"""How far the handling of an update is."""

from enum import StrEnum


class UpdateState(StrEnum):
    """How far an update is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ANSWERING = "answering"
    DONE = "done"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"
    GIVEN_UP = "given up"


IN_HAND = (UpdateState.CLAIMED, UpdateState.ANSWERING)
OPEN = (UpdateState.WAITING, *IN_HAND)
UNANSWERED = (UpdateState.INTERRUPTED, UpdateState.UNKNOWN, UpdateState.GIVEN_UP)  # or perhaps so
