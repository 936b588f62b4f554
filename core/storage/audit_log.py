"""Queries on the audit log."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.newest_in_scope import newest
from core.storage.tables import AuditLogEntry, User


def page(session: Session, scope: Scope, *, before: int | None, size: int) -> list[tuple[AuditLogEntry, User | None]]:
    """List the entries within the scope, newest first, with numbers below `before`, each with its actor."""
    earlier = [] if before is None else [AuditLogEntry.id < before]
    numbers = newest(session, scope, AuditLogEntry.id, AuditLogEntry.department_id, *earlier, size=size)
    query = select(AuditLogEntry).where(AuditLogEntry.id.in_(numbers)).order_by(AuditLogEntry.id.desc())
    entries = session.scalars(query).all()
    numbers_of_actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    actors = {user.id: user for user in session.scalars(select(User).where(User.id.in_(numbers_of_actors)))}
    return [(entry, actors.get(entry.actor_id or 0)) for entry in entries]
