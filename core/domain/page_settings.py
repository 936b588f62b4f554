"""Settings of the pages: what the account's look, contact and language may be, and which built-in fields are asked."""

import re
from enum import StrEnum

from core.domain.challenges import Challenge
from core.domain.keywords import find_keyword, is_none, refuse_keywords
from core.domain.naming import find_word
from core.domain.text import key, tidy
from core.errors import InvalidColour, PageTextTooLong, WordNotUnderstood
from core.language import MOMENTS, language_names

LONGEST_CONTACT = 200
LONGEST_WELCOME = 300
COLOUR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
COLOURS = {  # names for those who don't know the figures
    "blue": "#1f5fbf",
    "green": "#1d6b3a",
    "red": "#b3261e",
    "orange": "#b45309",
    "purple": "#6d28d9",
    "teal": "#0f766e",
    "pink": "#be185d",
    "grey": "#4b5563",
}


class Asked(StrEnum):
    """Whether the sign-up form asks for a built-in field."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


def read_language(text: str) -> str | None:
    """Return the code of a language given by its code or name; a word for none: None. Raises WordNotUnderstood."""
    if is_none(text):
        return None
    named = {key(name): code for code in MOMENTS for name in language_names(code)}
    if (code := named.get(key(text))) is None:
        raise WordNotUnderstood(text, (), MOMENTS)
    return code


def read_colour(text: str) -> str | None:
    """Return a colour as `#rrggbb`, given so or by its name; a word for none: None. Raises InvalidColour."""
    if is_none(text):
        return None
    if known := find_keyword(text, COLOURS):
        return COLOURS[known]
    if not (figures := COLOUR.fullmatch(text.strip())):
        raise InvalidColour(text, tuple(COLOURS))
    digits = figures[1].lower()
    return f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}"  # noqa: PLR2004 - rrggbb


def read_line(text: str, longest: int) -> str | None:
    """Return a line of text for the pages; a word for none: None. Raises PageTextTooLong, KeywordInstead."""
    if is_none(text):
        return None
    if len(line := refuse_keywords(tidy(text))) > longest:
        raise PageTextTooLong(len(line), longest)
    return line or None


def read_challenge(text: str) -> Challenge:
    """Return when forms ask for a proof of work. Raises WordNotUnderstood."""
    return Challenge.NEVER if is_none(text) else find_word(text, list(Challenge))


def read_asked(text: str, *, may_require: bool) -> Asked:
    """Return whether a field is asked for. Raises WordNotUnderstood."""
    possible = [each for each in Asked if may_require or each is not Asked.REQUIRED]
    return Asked.OFF if is_none(text) else find_word(text, possible)
