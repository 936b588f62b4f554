"""How long an account keeps what it can decide about."""

from enum import StrEnum

from core.domain.keywords import is_none
from core.domain.numbers import count_of_days
from core.errors import InvalidRetention

LEAST, MOST = 1, 3650  # days


class Kept(StrEnum):
    """What an account keeps for as long as it decides; the value is the name of its column."""

    LISTS = "lists_kept_days"
    NAMES = "names_kept_days"


MAY_BE_KEPT_FOR_GOOD = frozenset({Kept.NAMES})


def read_days(kept: Kept, text: str) -> int | None:
    """Parse a number of days; None for a word for no limit, where that is possible. Raises InvalidRetention."""
    if kept in MAY_BE_KEPT_FOR_GOOD and is_none(text):
        return None
    days = count_of_days(text, MOST)
    if days is None:
        raise InvalidRetention(text.strip(), LEAST, MOST)
    return days
