"""Taps that come too soon after their screen took another one's place: meant for the buttons that were there before.

So who taps twice on “Approve” doesn't let in the next person, too, whom nobody has looked at.
"""

from datetime import datetime

TENTHS = 10  # of a second: what a button carries
ROUND = 100_000  # tenths, nearly three hours, because a button holds 64 bytes
LOOKED_AT_AFTER = 10  # tenths
CLOCKS_APART = 50  # tenths by which the clock of the process that hears the tap may be behind


class HastyTap(Exception):  # noqa: N818 - as StaleButton: it is no error
    """A tap comes before the question that it answers can have been read."""


def stamp(now: datetime) -> int:
    """Return what a button carries of the moment at which its screen was made, once all that it took was done."""
    return int(now.timestamp() * TENTHS) % ROUND


def is_hasty(stamped: int | None, now: datetime) -> bool:
    """Return whether a tap comes before its screen can have been read; never without a stamp."""
    return stamped is not None and (stamp(now) - stamped + CLOCKS_APART) % ROUND < CLOCKS_APART + LOOKED_AT_AFTER
