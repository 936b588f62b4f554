"""The kinds of form fields, each with one definition: how values are parsed, entered in HTML, and displayed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cache

import phonenumbers

from core.domain.addresses import LONGEST_ADDRESS, find_address, holds_address
from core.domain.common_passwords import is_common
from core.domain.text import ROOM, key, narrow, opaque, plain, search_key, tidy
from core.errors import Problem
from core.language import MOMENTS, SOURCE, countries

LOGIN = re.compile(r"[\w.+-]{2,64}")  # no @: a login must never look like another person's e-mail address
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
DATE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
SHORTEST_PASSWORD = 8
# What people call their country on forms, besides its names in CLDR.
COUNTRY_NICKNAMES = {
    "usa": "US",
    "america": "US",
    "сша": "US",
    "eeuu": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "англия": "GB",
    "inglaterra": "GB",
    "uae": "AE",
    "оаэ": "AE",
    "holland": "NL",
    "голландия": "NL",
    "holanda": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "беларусь": "BY",
    "белоруссия": "BY",
    "рф": "RU",
}


class WrongValue(Exception):  # noqa: N818 - caught by `read_form`
    """A value that its field doesn't accept."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class Kind(StrEnum):
    """The type of a field's value. The second group is for built-in fields only; custom fields use the first."""

    TEXT = "text"
    UNIQUE_TEXT = "unique text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    CHOICE = "choice"
    COUNTRY = "country"

    NAME = "name"
    EMAIL = "email"
    LOGIN = "login"
    PASSWORD = "password"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Context for parsing a value: the field's choices, and the ISO 3166 country of national phone numbers."""

    choices: Sequence[str] = ()
    region: str | None = None


def _read_unchanged(value: str, _hints: Hints) -> str:
    return value


def _show_unchanged(value: str, _language: str) -> str:
    return value


Parsed = date | time | Decimal


@dataclass(frozen=True, kw_only=True)
class Definition:
    """The definition of a kind. `read` returns the value to store or raises WrongValue; `show` formats a stored one.

    `parse` reads a stored value that isn't a text for calculations; None if it is one.
    `input` and `attributes` are those of the HTML element, `autocomplete` is the WHATWG token. A kind with `options`
    (from the field's choices: value -> label) is a selection. `custom`: custom fields can be of this
    kind; `unique`: no two people have the same value; `normalise` comes before `read`, and is `tidy` for most kinds.
    """

    normalise: Callable[[str], str] = tidy
    read: Callable[[str, Hints], str] = _read_unchanged
    show: Callable[[str, str], str] = _show_unchanged
    parse: Callable[[str], Parsed] | None = None
    input: str = "text"
    attributes: Mapping[str, str] = field(default_factory=dict)
    autocomplete: str = "off"
    options: Callable[[Sequence[str]], Mapping[str, str]] | None = None
    custom: bool = True
    unique: bool = False


def shown(kind: Kind, value: str, language: str) -> str:
    """Format a stored value for display in a language."""
    return DEFINITIONS[kind].show(value, language)


def parsed(kind: Kind, value: str, language: str) -> str | Parsed:
    """Return a stored value for calculations, or formatted for display if its kind is a text; "" if there is none."""
    parse = DEFINITIONS[kind].parse
    return parse(value) if parse and value else shown(kind, value, language)


def _name(value: str, _hints: Hints) -> str:
    """Refuse what a chat would turn into a link: the name is shown to managers who have never seen the person."""
    if holds_address(value):
        raise WrongValue(Problem.ADDRESS_IN_NAME)
    return value


def _email(value: str, _hints: Hints) -> str:
    if (address := find_address(value)) is None:
        raise WrongValue(Problem.NOT_AN_EMAIL)
    return address


def _phone(value: str, hints: Hints) -> str:
    try:
        number = phonenumbers.parse(value, hints.region)
    except phonenumbers.NumberParseException:
        raise WrongValue(Problem.NOT_A_PHONE) from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise WrongValue(Problem.NOT_A_PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _login(value: str, _hints: Hints) -> str:
    if not LOGIN.fullmatch(value):
        raise WrongValue(Problem.NOT_A_LOGIN)
    return value


def normal_login(value: str) -> str:
    """Normalise a login; an e-mail address counts as none, since people can log in with theirs anyway."""
    login = tidy(narrow(value).lower())  # before the check: lower-casing can change the length and the characters
    return "" if "@" in login and find_address(login) else login


def normal_identifier(text: str) -> str:
    """Return what is typed at log-in in one spelling, whether it is an e-mail address or a login; bounded first."""
    shown = text[: ROOM * LONGEST_ADDRESS]
    return find_address(shown) or normal_login(shown)


def _password(value: str, _hints: Hints) -> str:
    if len(value) < SHORTEST_PASSWORD:
        raise WrongValue(Problem.TOO_SHORT)
    if is_common(value):
        raise WrongValue(Problem.WEAK)
    return value


def _number(value: str, _hints: Hints) -> str:
    """Parse a decimal number with a point or a comma; return it without exponent or trailing zeros."""
    if not NUMBER.fullmatch(value):
        raise WrongValue(Problem.NOT_A_NUMBER)
    number = Decimal(value.replace(",", "."))
    return f"{number.normalize():f}" if number else "0"


def _date(value: str, _hints: Hints) -> str:
    """Validate an ISO 8601 date, the format that browsers' date pickers send."""
    try:
        day = date.fromisoformat(value) if DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise WrongValue(Problem.NOT_A_DATE)
    return day.isoformat()


def _time(value: str, _hints: Hints) -> str:
    """Parse a 24-hour time of day with a colon or a point; return it as ISO 8601, `09:30`."""
    if not (typed := TIME.fullmatch(value)):
        raise WrongValue(Problem.NOT_A_TIME)
    return f"{int(typed[1]):02}:{typed[2]}"


def _choice(value: str, hints: Hints) -> str:
    for choice in hints.choices:
        if key(choice) == key(value):
            return choice
    raise WrongValue(Problem.NOT_A_CHOICE)


def _country(value: str, _hints: Hints) -> str:
    """Return the ISO 3166 code of a country given by its code or its name in any of our languages."""
    if value.upper() in countries(SOURCE):
        return value.upper()
    if (code := _countries_by_name().get(search_key(value))) is None:
        raise WrongValue(Problem.NOT_A_COUNTRY)
    return code


@cache
def _countries_by_name() -> Mapping[str, str]:
    named = {search_key(name): code for each in MOMENTS for code, name in countries(each).items()}
    return named | COUNTRY_NICKNAMES


_TYPED_LETTER_BY_LETTER = {"autocapitalize": "none", "spellcheck": "false"}

DEFINITIONS: Mapping[Kind, Definition] = {
    Kind.TEXT: Definition(),
    Kind.UNIQUE_TEXT: Definition(unique=True),
    Kind.NUMBER: Definition(normalise=plain, read=_number, parse=Decimal, attributes={"inputmode": "decimal"}),
    Kind.DATE: Definition(normalise=plain, read=_date, parse=date.fromisoformat, input="date"),
    Kind.TIME: Definition(normalise=plain, read=_time, parse=time.fromisoformat, input="time"),
    Kind.PHONE: Definition(normalise=plain, read=_phone, input="tel", autocomplete="tel"),
    Kind.CHOICE: Definition(read=_choice, options=lambda choices: dict(zip(choices, choices, strict=True))),
    Kind.COUNTRY: Definition(
        read=_country,
        show=lambda value, language: countries(language).get(value, value),
        autocomplete="country-name",
    ),
    Kind.NAME: Definition(read=_name, custom=False),
    Kind.EMAIL: Definition(read=_email, input="email", attributes=_TYPED_LETTER_BY_LETTER, custom=False),
    Kind.LOGIN: Definition(normalise=normal_login, read=_login, attributes=_TYPED_LETTER_BY_LETTER, custom=False),
    Kind.PASSWORD: Definition(read=_password, input="password", custom=False, normalise=opaque),
}
CUSTOM_KINDS = tuple(kind for kind, definition in DEFINITIONS.items() if definition.custom)
