"""States of received updates, and whom they come from."""

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


class Standing(StrEnum):
    """Whom an update comes from. Strangers have no access: their updates are handled after all others."""

    KNOWN = "known"
    STRANGER = "stranger"
    ANSWERED = "answered"  # a stranger who was answered lately, and gets an answer only if they are let in now


IN_HAND = (UpdateState.CLAIMED, UpdateState.ANSWERING)
OPEN = (UpdateState.WAITING, *IN_HAND)
UNANSWERED = (UpdateState.INTERRUPTED, UpdateState.UNKNOWN, UpdateState.GIVEN_UP)  # or possibly unanswered
