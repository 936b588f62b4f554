"""The link in a reminder by which its recipient gets no more of them, and by which they get them again."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.errors import ReminderLinkGone
from core.storage import reminders


def is_stopped(session: Session, code: str) -> bool:
    """Return whether the person to whom a link was sent wants no reminders. Raises ReminderLinkGone."""
    return reminders.is_stopped(session, _person(session, code))


def stop(session: Session, code: str, now: datetime) -> None:
    """Send no more reminders to the person to whom a link was sent. Raises ReminderLinkGone."""
    reminders.stop(session, _person(session, code), now)


def resume(session: Session, code: str) -> None:
    """Send reminders again to the person to whom a link was sent. Raises ReminderLinkGone."""
    reminders.resume(session, _person(session, code))


def _person(session: Session, code: str) -> str:
    if (key := reminders.key_of_code(session, hash_of(code))) is None:
        raise ReminderLinkGone
    return key
