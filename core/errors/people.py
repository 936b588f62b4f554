"""Refusals about people and forms."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.errors.base import Refusal


class Problem(StrEnum):
    """What can be wrong with the value of one form field."""

    MISSING = "missing"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    ADDRESS_IN_NAME = "an address in a name"
    NOT_AN_EMAIL = "not an e-mail address"
    NOT_A_PHONE = "not a phone number"
    NOT_A_LOGIN = "not a login"
    TAKEN = "taken"
    UNCHANGED = "unchanged"
    WEAK = "easy to guess"
    DOMAIN_NOT_ALLOWED = "not of an allowed domain"
    NOT_A_NUMBER = "not a number"
    NOT_A_DATE = "not a date"
    NOT_A_TIME = "not a time"
    NOT_A_CHOICE = "not one of the choices"
    NOT_A_COUNTRY = "not a country"
    CONSENT_MISSING = "consent missing"
    CONSENT_OUTDATED = "consent to an earlier version"


@dataclass(eq=False)
class InvalidForm(Refusal):
    """Some fields of a form are invalid: field name -> problem."""

    problems: dict[str, Problem] = field(default_factory=dict)


@dataclass(eq=False)
class EmailTaken(Refusal):
    """There is already a user with this e-mail address, who should log in instead."""

    email: str


class EmailLinkGone(Refusal):
    """The link that confirms a new address was used or replaced, or has expired."""


class WrongCode(Refusal):
    """The typed digits aren't those of the newest message."""


@dataclass(eq=False)
class UserNotFound(Refusal):
    """There is no user with this e-mail address, login or number within the acting user's scope."""

    text: str


@dataclass(eq=False)
class WaitsForApproval(Refusal):
    """The person has signed up, and is no user yet: the sign-up has to be approved, or `unconfirmed` by themselves."""

    name: str
    unconfirmed: bool = False


@dataclass(eq=False)
class NoHeir(Refusal):
    """The new owner must be an active account administrator with a Telegram account."""

    name: str


class OwnerStays(Refusal):
    """The owner cannot be deactivated, deleted or given another role before ownership is transferred."""


class WrongCredentials(Refusal):
    """The login or the password is wrong; which one is not disclosed."""


class AccountInactive(Refusal):
    """The password is right, but the account isn't active: it waits, or an administrator has to activate it."""


class PasswordLinkGone(Refusal):
    """The one-time link to a new password was used, has expired, was replaced by a newer one, or never existed."""


@dataclass(eq=False)
class NoLogIn(Refusal):
    """The person has neither an e-mail address nor a login, so that no password would let them log in."""

    name: str


@dataclass(eq=False)
class FieldExists(Refusal):
    """The form already has a field with this label."""

    label: str


@dataclass(eq=False)
class FieldNotFound(Refusal):
    """The form has no custom field with this label; `nearest` are suggestions."""

    label: str
    nearest: tuple[str, ...]


class FieldGone(Refusal):
    """The form no longer has a custom field with this number."""


class ChoicesNeeded(Refusal):
    """A choice field has fewer than two different choices, another field has some, or the kind is a built-in one."""


@dataclass(eq=False)
class ChoiceTextsNeeded(Refusal):
    """The texts of a choice field in a language aren't one for each of its `choices`, or two are the same."""

    choices: tuple[str, ...]


@dataclass(eq=False)
class InvalidDomain(Refusal):
    """The text isn't a valid domain for e-mail addresses."""

    text: str


@dataclass(eq=False)
class InvalidSeats(Refusal):
    """The text isn't a whole number from 1 to `highest` or `unlimited`."""

    text: str
    highest: int


class NotYourself(Refusal):
    """Users cannot deactivate or delete themselves or change their own role; another administrator can."""
