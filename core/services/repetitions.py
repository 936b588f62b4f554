"""What a person's chat did or said a moment ago, so that it is not done or said twice without a question."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.errors import RepeatedLine
from core.storage import repetitions

WITHIN = timedelta(minutes=10)
KEPT = timedelta(days=1)

T = TypeVar("T")


def is_news(session: Session, user_id: int, what: str, now: datetime, *, within: timedelta) -> bool:
    """Note that something is done or said now; return False if it already was, less than `within` ago.

    Of concurrent calls for the same thing exactly one returns True, once the others' transactions have ended.
    """
    return repetitions.note(session, user_id, hash_of(what), now, now - within)


def once(
    session: Session,
    user_id: int,
    what: str,
    effect: Callable[[Session], T],
    made: Callable[[T], int],
    now: datetime,
    *,
    within: timedelta = WITHIN,
) -> T:
    """Run a use case, unless the user had the same done less than `within` ago; `made` numbers what it makes.

    Of concurrent calls exactly one runs it; a refusal of the use case leaves the next call free. Raises RepeatedLine.
    """
    if not is_news(session, user_id, what, now, within=within):
        raise RepeatedLine(repetitions.made(session, user_id, hash_of(what)) or 0)
    return _noting(session, user_id, what, effect, made)


def anew(
    session: Session,
    user_id: int,
    what: str,
    effect: Callable[[Session], T],
    made: Callable[[T], int],
    now: datetime,
    *,
    instead_of: int,
) -> T:
    """Run a use case although it was done a moment ago, because what it made is gone (`instead_of`, its number).

    Of concurrent calls exactly one runs it. Raises RepeatedLine.
    """
    if not repetitions.renew(session, user_id, hash_of(what), now, instead_of):
        raise RepeatedLine(repetitions.made(session, user_id, hash_of(what)) or 0)
    return _noting(session, user_id, what, effect, made)


def sweep(session: Session, now: datetime) -> None:
    """Delete what was noted longer ago than KEPT."""
    repetitions.sweep(session, now - KEPT)


def _noting(session: Session, user_id: int, what: str, effect: Callable[[Session], T], made: Callable[[T], int]) -> T:
    result = effect(session)
    repetitions.keep_made(session, user_id, hash_of(what), made(result))
    return result
