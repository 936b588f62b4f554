"""The ledger of activations: how each event changes a profile's counters, and which sign-ups were undone."""

from enum import StrEnum


class Event(StrEnum):
    """What can happen to a place in a profile.

    Each occurs at most once for each learner, but RETURNED and RETAKEN, which take turns.
    """

    RESERVED = "reserved"
    RELEASED = "released"
    TAKEN = "taken"
    RETURNED = "returned"
    RETAKEN = "retaken"


USED = {Event.TAKEN: 1, Event.RETURNED: -1, Event.RETAKEN: 1}
RESERVED = {Event.RESERVED: 1, Event.RELEASED: -1}

LONGEST_REASON = 300  # characters


def tidy_reason(text: str) -> str:
    """Return a typed reason in one line, as much of it as is kept."""
    return " ".join(text.split())[:LONGEST_REASON]


def is_undone(*, returned: bool, active: bool) -> bool:
    """Return whether a sign-up was undone: its place was returned, and its learner is not active.

    If the learner stays, the sign-up still counts after its place was returned.
    """
    return returned and not active
