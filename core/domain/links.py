"""Is this link open at a given instant, and if not, why? The single definition, used by pages, chat and digests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.windows import Window


class LinkState(StrEnum):
    """The state of a link: open, or the reason that it is not."""

    OPEN = "open"
    SIGN_UP_OFF = "sign-up is off"
    PAUSED = "paused"
    NOT_YET_OPEN = "not yet open"
    ENDED = "ended"
    FULL = "no activations left"
    REMOVED = "removed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"  # a personal link, from who got it
    USED = "used"  # a personal link, which works once


class Only(StrEnum):
    """The states by which profiles are sought; the values are stored."""

    ALL = "all"
    ACTIVE = "active"  # neither paused nor ended
    PAUSED = "paused"
    RUNNING = "running"  # not paused
    ENDED = "ended"
    FULL = "full"  # no places left, neither paused nor ended
    ENDING = "ending"  # within ENDING_WITHIN, not paused


ENDING_WITHIN = timedelta(days=7)


SHARE_WAITING = 3, 4  # of the limit
FEWEST_WAITING = 20
MOST_WAITING = 500  # without a limit, or with a high one


def most_waiting(limit: int | None) -> int:
    """Return how many sign-ups may wait at once through a profile with a limit; None is unlimited.

    Waiting places are reserved, so strangers who sign up without being approved must not take all of a large profile.
    """
    part, whole = SHARE_WAITING
    return MOST_WAITING if limit is None else min(MOST_WAITING, max(FEWEST_WAITING, limit * part // whole))


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """Everything that decides whether a link works. `limit` None is unlimited; `used` includes reserved places.

    `replaced`: it was replaced, or, if it is `personal`, taken back from who got it; `spent`: a personal link was used.
    """

    sign_up_enabled: bool
    paused: bool
    removed: bool
    window: Window
    limit: int | None
    used: int
    replaced: bool = False
    personal: bool = False
    spent: bool = False

    @property
    def places_left(self) -> int | None:
        """How many more people may come; None if there is no limit."""
        return None if self.limit is None else self.limit - self.used


def link_state(facts: LinkFacts, instant: datetime) -> LinkState:
    """Return whether the link is open at `instant` (aware), or else the first reason that applies.

    Reasons that neither time nor an edit can change come first. Both ends of the window are inclusive.
    """
    reasons = (
        (facts.removed, LinkState.REMOVED),
        (facts.replaced, LinkState.WITHDRAWN if facts.personal else LinkState.REPLACED),
        (facts.spent, LinkState.USED),
        (not facts.sign_up_enabled, LinkState.SIGN_UP_OFF),
        (facts.paused, LinkState.PAUSED),
        (instant < facts.window.starts_at, LinkState.NOT_YET_OPEN),
        (instant > facts.window.ends_at, LinkState.ENDED),
        (facts.places_left is not None and facts.places_left <= 0, LinkState.FULL),
    )
    return next((state for applies, state in reasons if applies), LinkState.OPEN)
