"""Refusals about sign-up profiles and their links."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class LimitNotUnderstood(Refusal):
    """The text isn't a whole number from 1 to `highest` or `unlimited`."""

    text: str
    highest: int


@dataclass(eq=False)
class ProfileNotFound(Refusal):
    """There is no profile with this number that the acting user may read."""

    profile_id: int


@dataclass(eq=False)
class ProfileReadOnly(Refusal):
    """The acting user may read the profile but not change it, because it belongs to another department (`path`) now."""

    profile_id: int
    name: str
    path: str


@dataclass(eq=False)
class LimitBelowUsed(Refusal):
    """The new limit is below the number of places `used`; closing the link now is the alternative."""

    limit: int
    used: int


class PreviewOutdated(Refusal):
    """What the user confirmed has changed since the preview, or would now have a different effect."""


@dataclass(eq=False)
class NothingToUndo(Refusal):
    """The removal was more than `seconds` ago, was made by another user, or can no longer be undone."""

    seconds: int


class RushOver(Refusal):
    """The rush was told of more than a day ago, or nobody whom the acting user may change is left of it."""


@dataclass(eq=False)
class PlacesTaken(Refusal):
    """Fewer places of the profile are `free` than are `wanted` to bring people back."""

    profile_id: int
    name: str
    free: int
    wanted: int


@dataclass(eq=False)
class LabelExists(Refusal):
    """The profile already has a link with this label."""

    label: str


@dataclass(eq=False)
class LabelNotFound(Refusal):
    """The profile has no link with this label."""

    label: str


@dataclass(eq=False)
class ActivationNotFound(Refusal):
    """There is no activation with this number within the acting user's scope."""

    activation_id: int


class ActivationReturned(Refusal):
    """The activation has already been returned."""


class SignUpNotPending(Refusal):
    """The sign-up is not, or no longer, waiting for approval or confirmation: it was answered or has expired."""


class RequestNotOpen(Refusal):
    """The request for access is not, or no longer, open: it was answered or withdrawn, or has expired."""


class StatusPageGone(Refusal):
    """The status page has expired, has ended with its account, or never existed."""


@dataclass(eq=False)
class TooManyWaiting(Refusal):
    """As many sign-ups as may wait at once (`waiting`) wait through the link's profile already."""

    waiting: int


class UnknownLink(Refusal):
    """The token belongs to no link, past or present."""


@dataclass(eq=False)
class LinkClosed(Refusal):
    """The link is not open now; `state` is a `domain.links.LinkState`."""

    state: str


class CardGone(Refusal):
    """The live card has ended already, or was never there."""
