"""Refusals about sign-up profiles and their links."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class LimitNotUnderstood(Refusal):
    """The text is neither a whole number from 1 to `highest` nor 'unlimited'."""

    text: str
    highest: int


@dataclass(eq=False)
class ProfileNotFound(Refusal):
    """No profile of this number within the acting user's reach."""

    profile_id: int


@dataclass(eq=False)
class LimitBelowUsed(Refusal):
    """The new limit is below the `used` places; the other way is to close the link now."""

    limit: int
    used: int


class PreviewOutdated(Refusal):
    """What somebody was asked about has changed since, or would do something else by now."""


@dataclass(eq=False)
class NothingToUndo(Refusal):
    """The removal is too long ago (`seconds` is how long there is), was somebody else's, or cannot be undone now."""

    seconds: int


@dataclass(eq=False)
class LabelExists(Refusal):
    """The profile has a link with this label already."""

    label: str


@dataclass(eq=False)
class LabelNotFound(Refusal):
    """The profile has no link with this label."""

    label: str


@dataclass(eq=False)
class ActivationNotFound(Refusal):
    """No activation of this number within the acting user's reach."""

    activation_id: int


class ActivationReturned(Refusal):
    """The activation was returned before: that is done once."""


class SignUpNotPending(Refusal):
    """Nobody (any more) waits for this approval or confirmation: it was answered, or it expired."""


class UnknownLink(Refusal):
    """The token belongs to no link that ever was."""


@dataclass(eq=False)
class LinkClosed(Refusal):
    """The link is not open right now; `state` is one of domain.links.LinkState."""

    state: str
