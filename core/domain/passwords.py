"""Detection of passwords that are easy to guess, for accounts that require strong ones."""

from collections.abc import Iterable
from itertools import chain

from core.domain.form_fields import Newcomer
from core.domain.text import ROOM, opaque
from core.errors import InvalidForm, Problem

STRONG = 3  # zxcvbn: "safely unguessable", 10^8 guesses or more
BEST = 4  # "very unguessable", 10^10 guesses or more
LONGEST_JUDGED = 24  # characters; zxcvbn takes up to 4 s for 72
MOST_SUBSTITUTES = 10  # different ones, such as 4 and @ for a: zxcvbn tries all combinations of what they may stand for
LONGEST_PASSWORD = 128
LOCAL_WORDS = ("gangway", "qwerty", "йцукен", "пароль", "привет", "contraseña", "parole", "slaptažodis")


def refuse_weak(password: str, newcomer: Newcomer, organisation: str | None) -> None:
    """Raise InvalidForm if the password is easy to guess, given what is known of the person.

    Takes up to 0.1 s of CPU, so it must not run on an event loop.
    """
    if is_weak(password, newcomer, organisation):
        raise InvalidForm({"password": Problem.WEAK})


def is_weak(password: str, newcomer: Newcomer, organisation: str | None) -> bool:
    """Return whether the part of the password that can be judged in a short time is easy to guess."""
    return _score(password, _likely_words(newcomer, organisation)) < STRONG


def is_guessable(secret: str) -> bool:
    """Return whether a secret of the operator looks as if a person had made it up, or can be guessed."""
    return _score(secret, LOCAL_WORDS) < BEST


def _score(text: str, likely_words: Iterable[str]) -> int:
    """Return how hard it is to guess a text: 0 to 4."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take time and memory, and few accounts need them
    from zxcvbn.matching import L33T_TABLE  # noqa: PLC0415

    judged = _judged(text, frozenset(chain.from_iterable(L33T_TABLE.values())))
    return int(zxcvbn(judged, user_inputs=list(likely_words))["score"])


def _judged(password: str, substitutes: frozenset[str]) -> str:
    """Return the longest beginning that is within both limits."""
    seen: set[str] = set()
    for length, character in enumerate(password[:LONGEST_JUDGED]):
        seen |= {character} & substitutes
        if len(seen) > MOST_SUBSTITUTES:
            return password[:length]
    return password[:LONGEST_JUDGED]


def spellings(typed: str) -> tuple[str, ...]:
    """Return what to compare with a stored hash: the normalised password, and as typed if that differs.

    The latter is for hashes of passwords that were set before passwords were normalised.
    """
    bounded = typed[: ROOM * LONGEST_PASSWORD + 1]  # the one that is too many makes it match nothing
    return tuple(dict.fromkeys((opaque(bounded), bounded)))


def _likely_words(newcomer: Newcomer, organisation: str | None) -> Iterable[str]:
    about = (newcomer.first_name, newcomer.last_name, newcomer.login, organisation or "", *newcomer.email.split("@"))
    return [word.lower() for word in (*about, *LOCAL_WORDS) if word]
