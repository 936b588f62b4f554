"""What a person's chat did or said a moment ago, so that it is not done or said twice without a question."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.storage import repetitions

KEPT = timedelta(days=1)


def is_news(session: Session, user_id: int, what: str, now: datetime, *, within: timedelta) -> bool:
    """Note that something is done or said now; return False if it already was, less than `within` ago.

    Of concurrent calls for the same thing exactly one returns True, once the others' transactions have ended.
    """
    return repetitions.note(session, user_id, key_of(what), now, now - within)


def sweep(session: Session, now: datetime) -> None:
    """Delete what was noted longer ago than KEPT."""
    repetitions.sweep(session, now - KEPT)


def key_of(what: str) -> str:
    """Return what is stored of a text: nothing that can be read, and always 64 characters."""
    return hashlib.sha256(what.encode(errors="replace")).hexdigest()
