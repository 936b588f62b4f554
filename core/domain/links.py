"""The one predicate: is this link open at an instant, and if not, why?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.windows import Window


class LinkState(StrEnum):
    """Every answer there is."""

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
    """All that decides whether a link works. `limit` None is unlimited, `used` counts reserved places too."""

    sign_up_enabled: bool
    paused: bool
    removed: bool
    window: Window
    limit: int | None
    used: int
    replaced: bool = False


def link_state(facts: LinkFacts, instant: datetime) -> LinkState:
    """Say whether the link is open at `instant` (aware), else the first reason that holds.

    Reasons that time or an edit cannot heal come first. Both ends of the window are inclusive.
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
    return next((state for holds, state in reasons if holds), LinkState.OPEN)
