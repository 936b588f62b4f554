"""Seats: the account's optional limit of active users."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.outbox import Kind
from core.services import outbox
from core.storage import people, seats


def state_of_newcomer(session: Session) -> UserState:
    """Take a seat for a new user, and return their state: inactive if none is left.

    Call this, or `lock` in `core.storage.seats`, before taking other locks, to keep their order.
    """
    return UserState.ACTIVE if seats.take(session) else UserState.INACTIVE


def alert(session: Session, user_id: int, now: datetime) -> None:
    """Notify the administrators that a new user found no seat, at most once an hour."""
    for administrator_id in people.administrators(session):
        outbox.notify_once(session, administrator_id, Kind.NO_SEAT_LEFT, user_id, now)
