"""Alerts: what managers hear of at once, and when it has come to that."""

from datetime import timedelta
from enum import StrEnum

MOSTLY_USED = 80  # per cent of a profile's limit, or of the account's seats
ENDS_SOON = timedelta(hours=48)
RUSH, RUSH_WITHIN = 25, timedelta(minutes=1)  # sign-ups through one profile
RUSH_ONCE_IN = timedelta(hours=1)
KEPT = timedelta(days=365)  # after this, it is forgotten what was told


class Alert(StrEnum):
    """What managers can hear of at once."""

    FIRST_LEARNER = "first learner"
    MOSTLY_USED = "mostly used"
    FULL = "full"
    PLACES_UNUSED = "places unused"
    SEATS = "seats"
    RUSH = "rush"


def seats_are_scarce(taken: int | None, seats: int | None) -> bool:
    """Return whether most of the account's seats are taken; never without a limit, of which both are None."""
    return taken is not None and seats is not None and taken * 100 >= seats * MOSTLY_USED
