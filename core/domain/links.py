"""Is this link open at a given instant, and if not, why? The single definition, used by pages, chat and digests."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """Everything that decides whether a link works. `limit` None is unlimited; `used` includes reserved places."""

    sign_up_enabled: bool
    paused: bool
    removed: bool
    window: Window
    limit: int | None
    used: int
    replaced: bool = False


def link_state(facts: LinkFacts, instant: datetime) -> LinkState:
    """Return whether the link is open at `instant` (aware), or else the first reason that applies.

    Reasons that neither time nor an edit can change come first. Both ends of the window are inclusive.
    """
    reasons = (
        (facts.removed, LinkState.REMOVED),
        (facts.replaced, LinkState.REPLACED),
        (not facts.sign_up_enabled, LinkState.SIGN_UP_OFF),
        (facts.paused, LinkState.PAUSED),
        (instant < facts.window.starts_at, LinkState.NOT_YET_OPEN),
        (instant > facts.window.ends_at, LinkState.ENDED),
        (facts.limit is not None and facts.used >= facts.limit, LinkState.FULL),
    )
    return next((state for applies, state in reasons if applies), LinkState.OPEN)
