"""Queries on updates that came in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from core.domain.updates import ReceivedUpdate
from core.storage.tables import Incoming

OPEN = ("waiting", "claimed", "answering")
IN_HAND = ("claimed", "answering")


def add(session: Session, received: ReceivedUpdate, now: datetime) -> None:
    """Keep an update; one that is known already stays as it is."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "update_id": received.update_id,
        "line": received.line,
        "sender_id": received.sender_id,
        "body": dict(received.body),
        "state": "waiting",
        "effected": False,
        "tries": 0,
        "received_at": now,
    }
    session.execute(dialect.insert(Incoming).values(values).on_conflict_do_nothing())


def claimable(session: Session, *, at_most: int) -> Sequence[Incoming]:
    """Take the waiting updates before which nothing of their line is open, passing by those in another's hand."""
    earlier = aliased(Incoming)
    is_first = ~exists().where(
        earlier.line == Incoming.line, earlier.update_id < Incoming.update_id, earlier.state.in_(OPEN)
    )
    query = select(Incoming).where(Incoming.state == "waiting", is_first).order_by(Incoming.update_id).limit(at_most)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def stranded(session: Session, now: datetime, *, at_most: int) -> Sequence[Incoming]:
    """Take the updates whose holder's lease has run out."""
    query = select(Incoming).where(_lapsed(now)).order_by(Incoming.update_id).limit(at_most)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def anything_to_do(session: Session, now: datetime) -> bool:
    """Tell whether an update waits or is stranded, without a lock."""
    waiting = select(Incoming.update_id).where(Incoming.state == "waiting").limit(1)
    lapsed = select(Incoming.update_id).where(_lapsed(now)).limit(1)
    return any(session.scalars(query).first() is not None for query in (waiting, lapsed))


def move(
    session: Session, update_id: int, holder: str, turn: int, *, old: Sequence[str], untouched: bool, **new: object
) -> bool:
    """Change an update that this holder still has, at this turn, in one of the states `old`; False where it has not.

    `untouched`: and that has had no effect yet.
    """
    ours = Incoming.update_id == update_id, Incoming.holder == holder, Incoming.tries == turn
    free = Incoming.effected.is_(False) if untouched else true()
    moved = update(Incoming).where(*ours, free, Incoming.state.in_(old)).values(**new).returning(Incoming.update_id)
    return session.scalars(moved).one_or_none() is not None


def renew(session: Session, holder: str, update_ids: Iterable[int], leased_until: datetime) -> None:
    """Hold on to what a holder has in hand, passing by what a transaction has locked."""
    held = select(Incoming).where(
        Incoming.update_id.in_(set(update_ids)), Incoming.state.in_(IN_HAND), Incoming.holder == holder
    )
    for found in session.scalars(held.with_for_update(skip_locked=True)).all():
        found.leased_until = leased_until


def find(session: Session, update_id: int) -> Incoming | None:
    """Find an update as it is now."""
    return session.get(Incoming, update_id, populate_existing=True)


def in_doubt(session: Session, since: datetime, *, at_most: int) -> Sequence[Incoming]:
    """List the updates since a moment whose answers were lost or are in doubt, newest first."""
    lost = Incoming.state.in_(("interrupted", "unknown", "given up"))
    query = select(Incoming).where(lost, Incoming.received_at >= since)
    return session.scalars(query.order_by(Incoming.update_id.desc()).limit(at_most)).all()


def count_by_state(session: Session) -> dict[str, int]:
    """Count the updates in each state."""
    return dict(session.execute(select(Incoming.state, func.count()).group_by(Incoming.state)).all())


def sweep(session: Session, before: datetime) -> None:
    """Forget what was finished and received before a moment."""
    session.execute(delete(Incoming).where(Incoming.received_at < before, Incoming.state.not_in(OPEN)))


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return Incoming.state.in_(IN_HAND) & (Incoming.leased_until <= now)
