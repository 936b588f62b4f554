"""Refusals about the account, its staff and its roles."""

from dataclasses import dataclass

from core.errors.base import Refusal


class OwnerExists(Refusal):
    """The account already has an owner; ownership can only be transferred."""


class InvalidInvitation(Refusal):
    """The code is unknown, used or expired; which of these is not disclosed to strangers."""


class InvitationGivesNothing(Refusal):
    """The invitation does not widen its opener's rights, or would remove some; it remains valid for others."""


class NoInvitationNeeded(Refusal):
    """The invitee signs up through a profile instead, is already in the chat, or has no use for it."""


@dataclass(eq=False)
class SeatsTaken(Refusal):
    """All `seats` of the account are taken by active users."""

    seats: int


@dataclass(eq=False)
class MailUnavailable(Refusal):
    """The request needs e-mail, and the service cannot send any; `missing` are the settings that are not set."""

    missing: tuple[str, ...] = ()


@dataclass(eq=False)
class UnknownZone(Refusal):
    """The text is not the name of an IANA time zone; `nearest` are suggestions."""

    text: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class ZoneNotPlace(Refusal):
    """The text is a distance from UTC or an abbreviation, not a place, whose clocks may change.

    `offers` are places to choose from: (minutes ahead of UTC, IANA names), perhaps none.
    """

    text: str
    offers: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(eq=False)
class InvalidName(Refusal):
    """A name is empty, has more than `longest` characters, or contains one of the separators in `forbidden`."""

    text: str
    longest: int
    forbidden: str


@dataclass(eq=False)
class KeywordInstead(Refusal):
    """The text, which everybody would see, is only a keyword such as `off`, or a placeholder such as `TEXT`."""

    text: str


@dataclass(eq=False)
class WordNotUnderstood(Refusal):
    """The text is not one of the `possible` words; `nearest` are suggestions."""

    text: str
    nearest: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(eq=False)
class InvalidColour(Refusal):
    """The text is no colour such as `#1f5fbf`, and not one of the `names`."""

    text: str
    names: tuple[str, ...]


@dataclass(eq=False)
class PageTextTooLong(Refusal):
    """A text for the pages has `length` characters, more than `longest`."""

    length: int
    longest: int


@dataclass(eq=False)
class RoleNotFound(Refusal):
    """There is no role with this name; `nearest` are suggestions."""

    name: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class RoleExists(Refusal):
    """A role with this name already exists."""

    name: str


@dataclass(eq=False)
class RoleBuiltIn(Refusal):
    """The role is built in: it can be neither changed nor removed."""

    name: str


class OneOwner(Refusal):
    """Owner cannot be assigned like other roles: there is one owner, and ownership is transferred."""


@dataclass(eq=False)
class RoleInUse(Refusal):
    """The role cannot be removed because `holders` users have it."""

    name: str
    holders: int


@dataclass(eq=False)
class DepartmentsNeeded(Refusal):
    """The role is limited to departments and none was named, or it is not limited and some were."""

    role: str


@dataclass(eq=False)
class InvalidRetention(Refusal):
    """The text isn't a number of days from `least` to `most`."""

    text: str
    least: int
    most: int


class LogoUnreadable(Refusal):
    """The file isn't a picture that can be a logo: another format, damaged, tiny or of too many pixels."""


@dataclass(eq=False)
class LogoTooLarge(Refusal):
    """The picture has more than `most` bytes."""

    most: int


class LogoGone(Refusal):
    """An earlier logo is no longer kept."""
