"""Challenges: whether a form asks for a proof of work, and how far a proof goes.

It brings one form to its end. Until then it can be sent again, as often as people correct their mistakes, so that
nobody waits for another check because of one; but not so often that one proof would carry a flood.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.challenges import ENDS_SOON, LOST_PASSWORDS, is_asked
from core.domain.limits import CHALLENGE, CHALLENGE_TRIES, Attempt
from core.errors import ProofNeeded
from core.services import limits
from core.storage import account, rushes


def asked_for_lost_passwords(session: Session, now: datetime) -> bool:
    """Return whether requests for a new password ask for a proof."""
    return is_asked(account.load(session).challenge, rushes.until(session, LOST_PASSWORDS), now)


def check(session: Session, number: str | None, now: datetime) -> None:
    """Check that a solved challenge, by its random number, can be tried once more. Raises ProofNeeded."""
    if not number:
        raise ProofNeeded
    limits.check(session, [*end_of(number), *try_of(number)], now)


def try_of(number: str | None) -> tuple[Attempt, ...]:
    """Return what a form that comes with this proof counts as, before the work for it, or if it is refused."""
    return (Attempt(limit=CHALLENGE_TRIES, subject=number),) if number else ()


def end_of(number: str | None) -> tuple[Attempt, ...]:
    """Return what it counts as once it has reached its end, in the transaction that does what it is for."""
    return (Attempt(limit=CHALLENGE, subject=number),) if number else ()


def ends_soon(session: Session, subject: str, now: datetime) -> bool:
    """Return whether a rush (by a link's token or LOST_PASSWORDS) is over soon: forms without a proof prolong it."""
    until = rushes.until(session, subject)
    return until is not None and until < now + ENDS_SOON


def prolong(session: Session, subject: str, now: datetime) -> None:
    """Prolong a rush: forms without a proof still come."""
    rushes.prolong(session, subject, now)
