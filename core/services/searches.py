"""Searches whose words are too long for a button, which then carries the search's number."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.storage import searches

KEPT = timedelta(days=30)
MOST = 50  # of a person


def keep(session: Session, user_id: int, words: str, now: datetime) -> int:
    """Keep the words of a person's search, which `domain.text.search_text` has bounded; return the search's number."""
    number = searches.keep(session, user_id, words, now)
    searches.keep_newest(session, user_id, MOST)
    return number


def words(session: Session, user_id: int, search_id: int) -> str | None:
    """Return the words of a person's own search; None if it is another's, or no longer kept."""
    return searches.words(session, user_id, search_id)


def sweep(session: Session, now: datetime) -> None:
    """Delete the searches that were last used longer ago than KEPT."""
    searches.sweep(session, now - KEPT)
