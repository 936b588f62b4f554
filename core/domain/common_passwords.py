"""Passwords that guessers try first, which no account accepts (NIST SP 800-63B-4, 3.1.1.2: a blocklist)."""

from functools import cache


def is_common(password: str) -> bool:
    """Return whether a password is, in any case of its letters, among the 30,000 most common ones that zxcvbn knows."""
    return password.casefold() in _common()


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - takes 14 MB, and the bot needs none of it

    return frozenset(FREQUENCY_LISTS["passwords"])
