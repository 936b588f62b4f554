"""Queries on the record."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.tables import RecordEntry, User


def page(session: Session, scope: Scope, *, before: int | None, size: int) -> Sequence[Row[RecordEntry, User | None]]:
    """List what was done within the scope, newest first, from before a number on, with who did it."""
    query = select(RecordEntry, User).outerjoin(User, User.id == RecordEntry.actor_id)
    if not scope.everywhere:
        query = query.where(within(scope, RecordEntry.department_id.expression))
    if before is not None:
        query = query.where(RecordEntry.id < before)
    return session.execute(query.order_by(RecordEntry.id.desc()).limit(size)).all()
