"""Seats: the account's optional limit of active users."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.services import outbox
from core.storage import account, people


def seats_left(session: Session) -> int | None:
    """Return the number of free seats; None if there is no limit.

    If there is one, the account's row is locked, so that two users never take the same seat. Call this before taking
    other locks, to keep their order.
    """
    if account.load(session).seats is None:
        return None
    seats = account.lock(session).seats
    return None if seats is None else max(0, seats - people.count_active(session))


def state_of_newcomer(session: Session) -> UserState:
    """Return the state for a new user: inactive if no seat is left. Locks like `seats_left`."""
    return UserState.INACTIVE if seats_left(session) == 0 else UserState.ACTIVE


def alert(session: Session, user_id: int, now: datetime) -> None:
    """Notify the administrators that a new user found no seat, at most once an hour."""
    for administrator_id in people.administrators(session):
        outbox.notify_once(session, administrator_id, outbox.Kind.NO_SEAT_LEFT, user_id, now)
