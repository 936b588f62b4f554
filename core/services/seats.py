"""Seats: the account's limit of active users, if it has one."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.services import outbox
from core.storage import account, people


def seats_left(session: Session) -> int | None:
    """Count the free seats; None: there is no limit.

    Where there is a limit the account's row is locked, so that two never take the same seat: ask before other locks.
    """
    if account.load(session).seats is None:
        return None
    seats = account.lock(session).seats
    return None if seats is None else max(0, seats - people.count_active(session))


def state_of_newcomer(session: Session) -> UserState:
    """Say how somebody new starts: inactive where no seat is left for them."""
    return UserState.INACTIVE if seats_left(session) == 0 else UserState.ACTIVE


def alert(session: Session, user_id: int, now: datetime) -> None:
    """Tell the administrators that somebody came and found no seat, once an hour however many come."""
    for administrator_id in people.administrators(session):
        outbox.notify_once(session, administrator_id, outbox.Kind.NO_SEAT_LEFT, user_id, now)
