"""The figures of the first screen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many links are open, how many people joined in a period and the one before, and how many wait.

    The first of those who wait for approval has waited since `waiting_since` (UTC), None if nobody waits.
    """

    open: int
    joined: int
    joined_before: int
    waiting: int
    waiting_since: datetime | None
