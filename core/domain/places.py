"""How many may sign up through a profile, as people type it."""

from core.domain.keywords import is_none
from core.domain.numbers import count_of_people
from core.errors import LimitNotUnderstood

HIGHEST_LIMIT = 1_000_000


def parse_limit(text: str) -> int | None:
    """Parse a limit: from 1 to HIGHEST_LIMIT, such as `50 people`, or a word for none. Raises LimitNotUnderstood."""
    text = text.strip()
    if is_none(text):
        return None
    if (limit := count_of_people(text, HIGHEST_LIMIT)) is None:
        raise LimitNotUnderstood(text, HIGHEST_LIMIT)
    return limit
