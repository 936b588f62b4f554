"""Refusals about people and what they fill in."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.errors.base import Refusal


class Problem(StrEnum):
    """What can be wrong with the value of one form field."""

    MISSING = "missing"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    NOT_AN_EMAIL = "not an e-mail address"
    NOT_A_PHONE = "not a phone number"
    NOT_A_LOGIN = "not a login"
    TAKEN = "taken"
    WEAK = "easy to guess"
    DOMAIN_NOT_ALLOWED = "not of an allowed domain"
    NOT_A_NUMBER = "not a number"
    NOT_A_DATE = "not a date"
    NOT_A_TIME = "not a time"
    NOT_A_CHOICE = "not one of the choices"
    NOT_A_COUNTRY = "not a country"
    CONSENT_MISSING = "consent missing"


@dataclass(eq=False)
class InvalidForm(Refusal):
    """Some fields of a form are wrong: the field's name to its problem."""

    problems: dict[str, Problem] = field(default_factory=dict)


@dataclass(eq=False)
class EmailTaken(Refusal):
    """Somebody has an account with this e-mail address: the way on is to log in."""

    email: str


@dataclass(eq=False)
class UserNotFound(Refusal):
    """No user of this e-mail address, login or number within the acting user's reach."""

    text: str


@dataclass(eq=False)
class NoHeir(Refusal):
    """Whoever is to own the account must be an active account administrator who can be met in the chat."""

    name: str


class OwnerStays(Refusal):
    """The owner can be neither deactivated nor deleted nor given another role: ownership is transferred first."""


class WrongCredentials(Refusal):
    """The login or the password is wrong; which one is not told."""


class AccountInactive(Refusal):
    """The password is right, but an administrator has not activated the account."""


@dataclass(eq=False)
class FieldExists(Refusal):
    """The form has a field of this label already."""

    label: str


@dataclass(eq=False)
class FieldNotFound(Refusal):
    """The form has no field of the account's own with this label; `nearest` may be what was meant."""

    label: str
    nearest: tuple[str, ...]


class FieldGone(Refusal):
    """The form has no field of the account's own with this number, by now."""


class ChoicesNeeded(Refusal):
    """A choice needs two different answers or more; other fields take none."""


@dataclass(eq=False)
class InvalidDomain(Refusal):
    """The text is no domain name of e-mail addresses."""

    text: str


@dataclass(eq=False)
class InvalidSeats(Refusal):
    """The text is neither a whole number from 1 to `highest` nor 'unlimited'."""

    text: str
    highest: int


class NotYourself(Refusal):
    """Nobody deactivates or deletes themselves, or gives themselves another role: somebody else does."""
