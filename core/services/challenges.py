"""Challenges: whether a form asks for a proof of work, and that a proof counts once."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.challenges import ENDS_SOON, LOST_PASSWORDS, is_asked
from core.domain.limits import CHALLENGE, Attempt
from core.errors import ProofNeeded
from core.services import limits
from core.storage import account, rushes


def asked_for_lost_passwords(session: Session, now: datetime) -> bool:
    """Return whether requests for a new password ask for a proof."""
    return is_asked(account.load(session).challenge, rushes.until(session, LOST_PASSWORDS), now)


def use(session: Session, number: str | None, now: datetime) -> None:
    """Use a solved challenge, by its random number. Raises ProofNeeded if it was used before, or there is none."""
    if number is None or not limits.try_count(session, Attempt(limit=CHALLENGE, subject=number), now):
        raise ProofNeeded


def ends_soon(session: Session, subject: str, now: datetime) -> bool:
    """Return whether a rush (by a link's token or LOST_PASSWORDS) is over soon: forms without a proof prolong it."""
    until = rushes.until(session, subject)
    return until is not None and until < now + ENDS_SOON


def prolong(session: Session, subject: str, now: datetime) -> None:
    """Prolong a rush: forms without a proof still come."""
    rushes.prolong(session, subject, now)
