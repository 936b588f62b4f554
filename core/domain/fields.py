"""The sign-up form's fields: one definition for pages, chat, validation and export."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from core.errors import InvalidForm, Problem

LOGIN = re.compile(r"[\w.+-]{2,64}")  # no @: a login must never look like somebody else's e-mail address
NOT_FOR_LOGINS = re.compile(r"[^\w.+-]")
SHORTEST_PASSWORD = 8
JOINERS = "\u200c\u200d"  # parts of words in Persian and several Indic scripts, and of emoji


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the form: its name in code, the HTML `autocomplete` token (WHATWG), and what it takes."""

    name: str
    autocomplete: str
    kind: str = "text"
    required: bool = False
    longest: int = 100


BUILT_IN = (
    Field(name="first_name", autocomplete="given-name", required=True),
    Field(name="last_name", autocomplete="family-name", required=True),
    Field(name="email", autocomplete="email", kind="email", required=True, longest=254),
    Field(name="login", autocomplete="username", kind="login", longest=64),
    Field(name="password", autocomplete="new-password", kind="password", required=True, longest=128),
    Field(name="phone", autocomplete="tel", kind="tel", longest=32),
    Field(name="job_title", autocomplete="organization-title"),
)


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A valid form: normalised values, `login` empty where it is to be derived. The password is not in it."""

    first_name: str
    last_name: str
    email: str
    login: str
    phone: str
    job_title: str


def read_form(values: Mapping[str, str], *, region: str | None) -> Newcomer:
    """Check and normalise a filled-in form, or raise InvalidForm with every problem at once.

    `region` is the ISO 3166 country whose national phone numbers are understood without a country code.
    """
    clean: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for field in BUILT_IN:
        try:
            clean[field.name] = _read(field, values.get(field.name, ""), region)
        except _Wrong as wrong:
            problems[field.name] = wrong.problem
    if problems:
        raise InvalidForm(problems)
    del clean["password"]
    return Newcomer(**clean)


def login_from(email: str) -> str:
    """Derive a login from an e-mail address: its local part, kept to what a login may contain."""
    return NOT_FOR_LOGINS.sub("", email.rsplit("@", 1)[0])[:48].ljust(2, "0")


def _read(field: Field, value: str, region: str | None) -> str:
    if field.kind == "password":  # every character counts, spaces too
        return _password(field, value)
    value = " ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in value).split())
    if not value:
        if field.required:
            raise _Wrong(Problem.MISSING)
        return ""
    if len(value) > field.longest:
        raise _Wrong(Problem.TOO_LONG)
    return _READERS[field.kind](value, region)


def _password(field: Field, value: str) -> str:
    if not value:
        raise _Wrong(Problem.MISSING)
    if len(value) < SHORTEST_PASSWORD:
        raise _Wrong(Problem.TOO_SHORT)
    if len(value) > field.longest:
        raise _Wrong(Problem.TOO_LONG)
    return value


def _email(value: str, _region: str | None) -> str:
    try:  # `.test` (RFC 6761) is let through: an installation may well be tried out with it
        return validate_email(value.lower(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise _Wrong(Problem.NOT_AN_EMAIL) from None


def _phone(value: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        raise _Wrong(Problem.NOT_A_PHONE) from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _Wrong(Problem.NOT_A_PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _login(value: str, _region: str | None) -> str:
    login = value.lower()  # first: lower case may be longer, and other characters
    if not LOGIN.fullmatch(login):
        raise _Wrong(Problem.NOT_A_LOGIN)
    return login


_READERS: Mapping[str, Callable[[str, str | None], str]] = {
    "text": lambda value, _region: value,
    "email": _email,
    "tel": _phone,
    "login": _login,
}
