"""Refusals: what people asked for and cannot have, as data. Edges own the words and the status codes.

Exceptions are mutable by nature (Python hangs tracebacks on them), so these are dataclasses, but not frozen ones.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Something a person asked for and may not or cannot have."""


class Conflict(Exception):  # noqa: N818 - as above; nobody sees it
    """Another transaction was faster: the engine runs the whole use case again."""


class DatabaseUnavailable(Exception):  # noqa: N818 - an answer to the operator, as the next one
    """The database can't be opened; says why, without its password."""


class DatabaseNewer(Exception):  # noqa: N818
    """The database was made by a newer program: this one must not touch it."""


class NotAllowed(Refusal):
    """The acting user lacks the permission, or is nobody we know."""


# --- the account ------------------------------------------------------------------------------------------------------


class OwnerExists(Refusal):
    """The account has an owner already; ownership is transferred, not claimed."""


class InvalidInvitation(Refusal):
    """The code is unknown, used or expired. Says no more to strangers."""


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


# --- departments ------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class DepartmentExists(Refusal):
    """A department of this path is there already."""

    path: str


@dataclass(eq=False)
class DepartmentNotFound(Refusal):
    """No department of this path within the acting user's reach; `nearest` may be what was meant."""

    path: str
    nearest: tuple[str, ...]


# --- times ------------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class TimeNotUnderstood(Refusal):
    """The text is no moment that we can read without guessing."""

    text: str


@dataclass(eq=False)
class TimeSkipped(Refusal):
    """A clock change skips this wall-clock time; the nearest valid ones stand on both sides (naive, in the zone)."""

    wall: datetime
    before: datetime
    after: datetime


@dataclass(eq=False)
class WindowNotUnderstood(Refusal):
    """The text is not two moments with ' - ' between them."""

    text: str


@dataclass(eq=False)
class EndBeforeStart(Refusal):
    """The window would end before it starts, or at the same moment (both UTC)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(eq=False)
class EndInPast(Refusal):
    """The window has ended before it was made (UTC)."""

    ends_at: datetime


@dataclass(eq=False)
class CadenceNotUnderstood(Refusal):
    """The text is no digest schedule."""

    text: str


# --- sign-up profiles -------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class LimitNotUnderstood(Refusal):
    """The text is neither a whole number from 1 to `highest` nor 'unlimited'."""

    text: str
    highest: int


@dataclass(eq=False)
class ProfileNotFound(Refusal):
    """No profile of this number within the acting user's reach."""

    profile_id: int


class UnknownLink(Refusal):
    """The token belongs to no link that ever was."""


@dataclass(eq=False)
class LinkClosed(Refusal):
    """The link is not open right now; `state` is one of domain.links.LinkState."""

    state: str


# --- people and forms -------------------------------------------------------------------------------------------------


class Problem(StrEnum):
    """What can be wrong with the value of one form field."""

    MISSING = "missing"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    NOT_AN_EMAIL = "not an e-mail address"
    NOT_A_PHONE = "not a phone number"
    NOT_A_LOGIN = "not a login"
    TAKEN = "taken"


@dataclass(eq=False)
class InvalidForm(Refusal):
    """Some fields of a form are wrong: the field's name to its problem."""

    problems: dict[str, Problem] = field(default_factory=dict)


@dataclass(eq=False)
class EmailTaken(Refusal):
    """Somebody has an account with this e-mail address: the way on is to log in."""

    email: str


class WrongCredentials(Refusal):
    """The login or the password is wrong; which one is not told."""


class AccountInactive(Refusal):
    """The password is right, but an administrator has not activated the account."""


# --- courses ----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class CourseExists(Refusal):
    """A course of this title is there already."""

    title: str


@dataclass(eq=False)
class CourseNotFound(Refusal):
    """No course of this title; `nearest` may be what was meant."""

    title: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class InvalidCourseLink(Refusal):
    """The text is no http or https address."""

    text: str


@dataclass(eq=False)
class InvalidDays(Refusal):
    """The text is no whole number of days from 1 to `highest`."""

    text: str
    highest: int


@dataclass(eq=False)
class RuleExists(Refusal):
    """This department gives this course already."""

    path: str
    title: str


class NotSubscribed(Refusal):
    """There is no digest subscription to end."""
