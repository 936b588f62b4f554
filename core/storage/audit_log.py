"""Queries on the audit log."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.newest_in_scope import newest
from core.storage.tables import AuditLogEntry, User

_ADDED = "audit-log entries"  # in a session's `info`


def page(session: Session, scope: Scope, *, before: int | None, size: int) -> list[tuple[AuditLogEntry, User | None]]:
    """List the entries within the scope, newest first, with numbers below `before`, each with its actor."""
    earlier = [] if before is None else [AuditLogEntry.id < before]
    numbers = newest(session, scope, AuditLogEntry.id, AuditLogEntry.department_id, *earlier, size=size)
    query = select(AuditLogEntry).where(AuditLogEntry.id.in_(numbers)).order_by(AuditLogEntry.id.desc())
    entries = session.scalars(query).all()
    numbers_of_actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    actors = {user.id: user for user in session.scalars(select(User).where(User.id.in_(numbers_of_actors)))}
    return [(entry, actors.get(entry.actor_id or 0)) for entry in entries]


def numbered(session: Session, user_id: int, numbers: Collection[int]) -> Sequence[AuditLogEntry]:
    """List those entries of what a user did that have these numbers, oldest first."""
    query = select(AuditLogEntry).where(AuditLogEntry.id.in_(numbers), AuditLogEntry.actor_id == user_id)
    return session.scalars(query.order_by(AuditLogEntry.id)).all()


def add(session: Session, entry: AuditLogEntry) -> None:
    """Add an entry, of which `added` tells in this transaction."""
    session.add(entry)
    session.info.setdefault(_ADDED, []).append(entry)


def added(session: Session) -> list[int]:
    """Return the numbers of the entries that the transaction has added one by one, the first one first."""
    entries: list[AuditLogEntry] = session.info.get(_ADDED, [])
    if entries:
        session.flush()
    return sorted(entry.id for entry in entries)


def add_each(session: Session, values: Sequence[Mapping[str, Any]]) -> None:
    """Add entries by one statement, each by the values of its columns."""
    if values:
        session.execute(insert(AuditLogEntry), values)


def count_about(session: Session, user_id: int, actions: Collection[str]) -> int:
    """Count the entries whose subject is a user; `actions` are those that have users as their subjects."""
    return session.scalars(select(func.count()).where(*_about(user_id, actions))).one()


def erase_subject(session: Session, user_id: int, actions: Collection[str], name: str, facts: Collection[str]) -> None:
    """Put another name for a user into the entries about them, and leave of what changed only entries of these facts.

    The trigger that keeps the log append-only permits this, if the name is the user's number after a "#".
    """
    for entry in session.scalars(select(AuditLogEntry).where(*_about(user_id, actions))):
        entry.subject = name
        if not {*entry.before, *entry.after} <= {*facts}:
            entry.before, entry.after = {}, {}


def _about(user_id: int, actions: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return AuditLogEntry.subject_id == user_id, AuditLogEntry.action.in_(actions)
