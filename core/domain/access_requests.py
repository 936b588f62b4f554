"""Requests for access at closed links: their states, and what lets a person in by the reason why the link is closed."""

from collections.abc import Mapping
from enum import StrEnum

from core.domain.links import LinkState

LONGEST_MESSAGE = 200


class RequestState(StrEnum):
    """The state of a request; only those of open and granted ones hold what the person entered."""

    OPEN = "open"
    GRANTED = "granted"  # a place is kept
    USED = "used"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Cure(StrEnum):
    """What is done to a profile, or to the account, so that a person can sign up."""

    KEEP = "keep"  # nothing but keeping a place
    PLACE = "place"
    PLACES = "places"
    WEEK = "week"
    OPEN_NOW = "open now"
    RESUME = "resume"
    SWITCH_ON = "switch on"


CURES: Mapping[LinkState, tuple[Cure, ...]] = {
    LinkState.OPEN: (Cure.KEEP,),
    LinkState.FULL: (Cure.PLACE, Cure.PLACES),
    LinkState.ENDED: (Cure.WEEK,),
    LinkState.NOT_YET_OPEN: (Cure.OPEN_NOW,),
    LinkState.PAUSED: (Cure.RESUME,),
    LinkState.SIGN_UP_OFF: (Cure.SWITCH_ON,),
}
ASKABLE = frozenset(CURES) - {LinkState.OPEN}
