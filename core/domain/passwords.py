"""Detection of passwords that are easy to guess, for accounts that require strong ones."""

import re
from collections.abc import Iterable
from itertools import chain

from core.domain.form_fields import Newcomer
from core.domain.text import ROOM, opaque, opaque_in_form_c, without_accents
from core.errors import InvalidForm, Problem

STRONG = 3  # zxcvbn: "safely unguessable", 10^8 guesses or more
BEST = 4  # "very unguessable", 10^10 guesses or more
LONGEST_JUDGED = 24  # characters; zxcvbn takes up to 4 s for 72
MOST_SUBSTITUTES = 10  # different ones, such as 4 and @ for a: zxcvbn tries all combinations of what they may stand for
LONGEST_PASSWORD = 128
WORD = re.compile(r"[^\W\d_]+")
SHORTEST_WORD = 3  # letters; shorter ones are in many passwords by chance
LOCAL_WORDS = ("gangway", "qwerty", "йцукен", "пароль", "привет", "contraseña", "parole", "slaptažodis")


def refuse_weak(password: str, newcomer: Newcomer, organisation: str | None) -> None:
    """Raise InvalidForm if the password is easy to guess, given what is known of the person.

    Takes up to 0.1 s of CPU, so it must not run on an event loop.
    """
    if is_weak(password, newcomer, organisation):
        raise InvalidForm({"password": Problem.WEAK})


def is_weak(password: str, newcomer: Newcomer, organisation: str | None) -> bool:
    """Return whether the part of the password that can be judged in a short time is easy to guess."""
    return _score(without_accents(password), _likely_words(newcomer, organisation)) < STRONG


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
    """Return what to compare with a stored hash: the normalised password, and its earlier forms if they differ.

    The latter are for hashes of passwords that were set before: in form C, and as typed.
    """
    bounded = typed[: ROOM * LONGEST_PASSWORD + 1]  # the one that is too many makes it match nothing
    return tuple(dict.fromkeys((opaque(bounded), opaque_in_form_c(bounded), bounded)))


def _likely_words(newcomer: Newcomer, organisation: str | None) -> Iterable[str]:
    """Return what a person may have made a password from, without accents: whole, and in words."""
    about = (newcomer.first_name, newcomer.last_name, newcomer.login, organisation or "", *newcomer.email.split("@"))
    spelt = [without_accents(text).lower() for text in (*about, *LOCAL_WORDS)]
    words = [word for text in spelt for word in WORD.findall(text) if len(word) >= SHORTEST_WORD]
    return dict.fromkeys(text for text in (*spelt, *words) if text)
