"""Learners in Telegram: they hear that their courses are ready and come back from there; no right in the chat."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.hashes import hash_of
from core.services import outbox
from core.storage import telegram_connections as stored
from core.storage.tables import User


def connect_visitor(session: Session, visitor: str, user_id: int, state: UserState, now: datetime) -> None:
    """Connect a new user with the Telegram account in whose Mini App they signed up; write to it if they are active.

    A Telegram account that opens another user's courses already stays theirs: one person signed another up.
    """
    found = stored.visit(session, hash_of(visitor), now)
    if found is None or not stored.connect(session, user_id, found.telegram_id, now, may_write=found.may_write):
        return
    session.get_one(User, user_id).language = found.language
    if state is UserState.ACTIVE:
        welcome(session, user_id, now)


def welcome(session: Session, user_id: int, now: datetime) -> None:
    """Queue a message with the way back to My Courses, if the bot may write to the user."""
    found = stored.of_user(session, user_id)
    if found is not None and found.may_write:
        outbox.queue(session, user_id, found.telegram_id, outbox.Kind.ACCOUNT_READY, user_id, now)
