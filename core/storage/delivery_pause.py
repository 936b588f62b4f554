"""Queries on the pause of the delivery, and on messages to chats that the bot seems not to know."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.domain.outbox import OPEN, MessageState
from core.storage.database import refusing
from core.storage.prepared import rows
from core.storage.tables import DeliveryPause, OutboxMessage

ONLY = 1  # the number of the one row


def find(session: Session) -> DeliveryPause | None:
    """Return the pause; None while messages are sent."""
    return session.get(DeliveryPause, ONLY, populate_existing=True)


def next_probe(session: Session) -> datetime | None:
    """Return when a message may be tried next; None while messages are sent."""
    return next((probe for (probe,) in rows(session, _NEXT_PROBE)), None)


def lock(session: Session) -> DeliveryPause | None:
    """Return the pause, locked until the end of the transaction; None while messages are sent."""
    return session.get(DeliveryPause, ONLY, with_for_update=True, populate_existing=True)


def begin(session: Session, now: datetime, next_probe: datetime, *, lost: Exception) -> None:
    """Begin a pause. Raises `lost` if another transaction has begun one."""
    with refusing(session, pk_delivery_pause=lost):
        session.add(DeliveryPause(id=ONLY, since=now, next_probe=next_probe))


def end(session: Session, now: datetime) -> bool:
    """End the pause, and make all messages to unknown chats due; return False if there is no pause."""
    ended = session.scalars(delete(DeliveryPause).returning(DeliveryPause.id)).one_or_none() is not None
    if ended:
        waiting = OutboxMessage.state == MessageState.WAITING, OutboxMessage.unknown_since.is_not(None)
        session.execute(update(OutboxMessage).where(*waiting).values(not_before=now))
    return ended


def suspected(session: Session) -> tuple[int, datetime | None]:
    """Count the chats with open messages that the bot seemed not to know; return also since when there are any."""
    query = select(func.count(OutboxMessage.chat_id.distinct()), func.min(OutboxMessage.unknown_since))
    suspects = OutboxMessage.state.in_(OPEN), OutboxMessage.unknown_since.is_not(None)
    number, since = session.execute(query.where(*suspects)).one()
    return number, since


def reached_since(session: Session, moment: datetime, *, sending: datetime) -> int:
    """Count the chats in which a message arrived whose sending began after a moment.

    `sending`: what `not_before` was set to if the sending began at that moment.
    """
    query = select(func.count(OutboxMessage.chat_id.distinct())).where(
        OutboxMessage.state == MessageState.SENT, OutboxMessage.not_before > sending, OutboxMessage.ended_at > moment
    )
    return session.scalars(query).one()


_NEXT_PROBE = select(DeliveryPause.next_probe)
