"""The algebra of activations: what each event does to a profile's counters."""

from enum import StrEnum


class Event(StrEnum):
    """What can happen to a place of a profile; each happens to one learner once."""

    RESERVED = "reserved"
    RELEASED = "released"
    TAKEN = "taken"
    RETURNED = "returned"


USED = {Event.TAKEN: 1, Event.RETURNED: -1}
RESERVED = {Event.RESERVED: 1, Event.RELEASED: -1}
