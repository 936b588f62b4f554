"""Detection of passwords that are easy to guess, for accounts that require strong ones."""

from collections.abc import Iterable

from core.domain.form_fields import Newcomer

STRONG = 3  # zxcvbn: "safely unguessable", 10^8 guesses or more
LONGEST_JUDGED = 72  # zxcvbn takes seconds for longer ones
LOCAL_WORDS = ("gangway", "qwerty", "йцукен", "пароль", "привет", "contraseña", "parole", "slaptažodis")


def is_weak(password: str, newcomer: Newcomer, organisation: str | None) -> bool:
    """Return whether the password is easy to guess, given what is known of the person.

    Takes about 10 ms of CPU, so it must not run on an event loop.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take time and memory, and few accounts need them

    return int(zxcvbn(password[:LONGEST_JUDGED], user_inputs=_likely_words(newcomer, organisation))["score"]) < STRONG


def _likely_words(newcomer: Newcomer, organisation: str | None) -> Iterable[str]:
    about = (newcomer.first_name, newcomer.last_name, newcomer.login, organisation or "", *newcomer.email.split("@"))
    return [word.lower() for word in (*about, *LOCAL_WORDS) if word]
