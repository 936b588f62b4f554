"""Queries on what processes hold: leases, updates, messages and e-mail."""

from collections.abc import Collection

from sqlalchemy import delete, select, union, update
from sqlalchemy.orm import Session

from core.domain.inbox import IN_HAND
from core.domain.outbox import AT_ONCE, MessageState
from core.storage.tables import InboxUpdate, Lease, OutboxMessage, OutgoingMail

CLAIMED = MessageState.CLAIMED, MessageState.SENDING


def current(session: Session) -> list[str]:
    """Return all who hold anything, in order."""
    claims = [
        select(table.holder).where(table.state.in_(states))
        for table, states in ((InboxUpdate, IN_HAND), (OutboxMessage, CLAIMED), (OutgoingMail, CLAIMED))
    ]
    return sorted(filter(None, session.scalars(union(select(Lease.holder), *claims))))


def expire(session: Session, holders: Collection[str]) -> None:
    """Let all leases and claims of these holders be over."""
    session.execute(delete(Lease).where(Lease.holder.in_(holders)))
    updates = update(InboxUpdate).where(InboxUpdate.holder.in_(holders), InboxUpdate.state.in_(IN_HAND))
    session.execute(updates.values(leased_until=AT_ONCE))
    for table in (OutboxMessage, OutgoingMail):
        messages = update(table).where(table.holder.in_(holders), table.state.in_(CLAIMED))
        session.execute(messages.values(not_before=AT_ONCE))
