"""Passwords that are easy to guess, for accounts that refuse them."""

from collections.abc import Iterable

from core.domain.form_fields import Newcomer

STRONG = 3  # zxcvbn: "safely unguessable", 10^8 guesses or more
LONGEST_JUDGED = 72  # longer ones cost zxcvbn seconds
LOCAL_WORDS = ("gangway", "qwerty", "йцукен", "пароль", "привет", "contraseña", "parole", "slaptažodis")


def is_weak(password: str, newcomer: Newcomer, organisation: str | None) -> bool:
    """Tell whether somebody who knows the person would guess the password. Takes some 10 ms: not for an event loop."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take time and memory, and few accounts need them

    return int(zxcvbn(password[:LONGEST_JUDGED], user_inputs=_known(newcomer, organisation))["score"]) < STRONG


def _known(newcomer: Newcomer, organisation: str | None) -> Iterable[str]:
    about = (newcomer.first_name, newcomer.last_name, newcomer.login, organisation or "", *newcomer.email.split("@"))
    return [word.lower() for word in (*about, *LOCAL_WORDS) if word]
