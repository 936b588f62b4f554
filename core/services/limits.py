"""Limits shared by all processes: attempts are counted before the work that they would cause."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.limits import CHALLENGE, CHALLENGE_TRIES, Attempt
from core.errors import ProofNeeded, TooManyAttempts
from core.storage import limits, rushes

STRANGERS = "updates of strangers"
MOST_ROWS = 200_000  # about 30 MB; beyond that, the first to expire are forgotten early


def check(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Check that attempts would be counted, before a transaction is begun for it. Changes nothing.

    So a client whose limit is used up causes no writes. Raises TooManyAttempts, ProofNeeded.
    """
    if (refused := limits.used_up(session, attempts, now)) is not None:
        raise _refusal(*refused)


def count(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Count attempts, all or none: list those of one kind in one order everywhere, against deadlocks.

    Those that are part of a rush begin or prolong it: the subject of such a limit is a link's token or nothing.
    Raises TooManyAttempts; ProofNeeded if it is a solved challenge that is used up: a wait is of no use then.
    """
    counted = limits.count(session, attempts, now)
    if refused := counted.refused:  # the others are used up by this very attempt, perhaps
        raise _refusal(*(limits.used_up(session, refused, now) or (refused[0], now)))
    for attempt in counted.rushing:
        rushes.prolong(session, attempt.subject, now)


def can_count(session: Session, attempts: Sequence[Attempt], now: datetime) -> bool:
    """Return whether all attempts would be counted now, where that is no refusal; as `check`, it changes nothing."""
    return limits.used_up(session, attempts, now) is None


def try_count(session: Session, attempt: Attempt, now: datetime) -> bool:
    """Count an attempt, where it is no refusal if it can't be; return whether it was counted."""
    return not limits.count(session, [attempt], now).refused


def give_back(session: Session, attempts: Sequence[Attempt]) -> None:
    """Take attempts back that succeeded, so that they don't count against the next ones."""
    limits.give_back(session, attempts)


def take_back(session: Session, attempts: Sequence[Attempt], counted_at: datetime) -> None:
    """Take attempts back that were not made after all, because there was no time for them: the earlier ones stay."""
    for attempt in attempts:
        limits.take_back(session, attempt, counted_at)


def any_expired(session: Session, now: datetime) -> bool:
    """Return whether `sweep` has anything to do; cheap."""
    return limits.any_expired(session, now)


def sweep(session: Session, now: datetime) -> None:
    """Forget what has expired, and the first to expire if there are more than MOST_ROWS."""
    rushes.sweep(session, now)
    limits.sweep(session, now, at_most=MOST_ROWS)


def add_left_out(session: Session, what: str, number: int) -> None:
    """Add to the number of what was left out because of a limit, for the metrics."""
    limits.add_left_out(session, what, number)


def left_out(session: Session) -> dict[str, int]:
    """Return how much was left out because of limits, by what it was."""
    return limits.left_out(session)


def _refusal(refused: Attempt, until: datetime) -> TooManyAttempts | ProofNeeded:
    if refused.limit in (CHALLENGE, CHALLENGE_TRIES):
        return ProofNeeded()
    return TooManyAttempts(limit=refused.limit.name, until=until)
