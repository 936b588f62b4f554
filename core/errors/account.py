"""Refusals about the account, its staff and its roles."""

from dataclasses import dataclass

from core.errors.base import Refusal


class OwnerExists(Refusal):
    """The account has an owner already; ownership is transferred, not claimed."""


class InvalidInvitation(Refusal):
    """The code is unknown, used or expired. Says no more to strangers."""


class InvitationGivesNothing(Refusal):
    """The invitation does not widen what its opener may do, or would take something; it stays good for others."""


class NoInvitationNeeded(Refusal):
    """Whoever is to be invited signs up through a profile, is in the chat already, or has nothing to do there."""


@dataclass(eq=False)
class SeatsTaken(Refusal):
    """Every seat of the account is in use by an active user."""

    seats: int


class MailUnavailable(Refusal):
    """What was asked for needs e-mail, and the service can send none."""


@dataclass(eq=False)
class UnknownZone(Refusal):
    """The text names no IANA time zone; `nearest` may be what was meant."""

    text: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class InvalidName(Refusal):
    """A name is empty, longer than `longest`, or contains one of `forbidden`, which separate things in typed lines."""

    text: str
    longest: int
    forbidden: str


@dataclass(eq=False)
class WordNotUnderstood(Refusal):
    """The text is none of the words that are `possible` at its place; `nearest` may be what was meant."""

    text: str
    nearest: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(eq=False)
class RoleNotFound(Refusal):
    """No role of this name; `nearest` may be what was meant."""

    name: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class RoleExists(Refusal):
    """A role of this name is there already."""

    name: str


@dataclass(eq=False)
class RoleBuiltIn(Refusal):
    """The role is none of the account's own: it is always there, and permits what it permits."""

    name: str


class OneOwner(Refusal):
    """There is one owner: the ownership is transferred, never given along with other roles."""


@dataclass(eq=False)
class RoleInUse(Refusal):
    """`holders` users have the role, so it cannot be removed."""

    name: str
    holders: int


@dataclass(eq=False)
class DepartmentsNeeded(Refusal):
    """The role's rights end at departments, and none was named; or the role has no such end, and some were."""

    role: str
