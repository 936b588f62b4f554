"""Queries on requests for a new password."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope, UserState
from core.storage.database import upsert
from core.storage.departments import within
from core.storage.prepared import finds
from core.storage.tables import PasswordRequest, User


def add(session: Session, identifier: str, now: datetime) -> None:
    """Add a request, unless there is one with this identifier. One statement, whether there is such a user or not."""
    added = upsert(session, PasswordRequest).values(identifier=identifier, announced=False, asked_at=now)
    session.execute(added.on_conflict_do_nothing(index_elements=[PasswordRequest.identifier]))


def unmatched(session: Session, *, at_most: int) -> list[PasswordRequest]:
    """Lock the requests of which it isn't known yet whose they are, the oldest first."""
    query = select(PasswordRequest).where(PasswordRequest.user_id.is_(None)).order_by(PasswordRequest.id).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def any_unmatched(session: Session) -> bool:
    """Return whether it isn't known of a request yet whose it is."""
    return finds(session, _UNMATCHED)


def any_unannounced(session: Session) -> bool:
    """Return whether `unannounced` finds a user; cheap."""
    return finds(session, _UNANNOUNCED)


def unannounced(session: Session, *, at_most: int) -> list[User]:
    """List the users of whose requests staff weren't notified."""
    asking = select(PasswordRequest.user_id).where(PasswordRequest.announced.is_(False))
    return list(session.scalars(select(User).where(User.id.in_(asking)).order_by(User.id).limit(at_most)))


def set_announced(session: Session, user_ids: Iterable[int]) -> None:
    """Record that staff were notified of these users' requests."""
    session.execute(update(PasswordRequest).where(PasswordRequest.user_id.in_(user_ids)).values(announced=True))


def open_in(session: Session, scope: Scope, *, at_most: int) -> list[User]:
    """List the users of the scope who ask for a new password."""
    asking = select(PasswordRequest.user_id).where(PasswordRequest.user_id.is_not(None))
    existing = User.state.in_((UserState.ACTIVE, UserState.INACTIVE)), within(scope, User.department_id.expression)
    query = select(User).where(User.id.in_(asking), *existing).order_by(User.id).limit(at_most)
    return list(session.scalars(query))


def forget(session: Session, user_id: int) -> None:
    """Delete the requests of a user."""
    session.execute(delete(PasswordRequest).where(PasswordRequest.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete the requests that were made before a moment."""
    session.execute(delete(PasswordRequest).where(PasswordRequest.asked_at < before))


_UNMATCHED = select(PasswordRequest.id).where(PasswordRequest.user_id.is_(None)).limit(1)
_UNANNOUNCED = (
    select(PasswordRequest.id)
    .where(PasswordRequest.user_id.is_not(None), PasswordRequest.announced.is_(False))
    .limit(1)
)
