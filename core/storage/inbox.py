"""Queries on received updates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, true, tuple_, update
from sqlalchemy.orm import Session, aliased

from core.domain.inbox import IN_HAND, OPEN, UNANSWERED, Standing, UpdateState
from core.domain.updates import ReceivedUpdate
from core.storage.database import upsert
from core.storage.shared_clock import TOLERANCE
from core.storage.tables import InboxUpdate


def add(session: Session, received: ReceivedUpdate, standing: Standing, now: datetime) -> None:
    """Store an update; one that is already stored stays as it is."""
    values = {
        "update_id": received.update_id,
        "line": received.line,
        "sender_id": received.sender_id,
        "standing": standing,
        "button": received.button,
        "body": dict(received.body),
        "state": UpdateState.WAITING,
        "effected": False,
        "tries": 0,
        "received_at": now,
    }
    session.execute(upsert(session, InboxUpdate).values(values).on_conflict_do_nothing())


def claimable(
    session: Session, standings: Collection[Standing], *, passing: Collection[int], at_most: int
) -> Sequence[InboxUpdate]:
    """Lock waiting updates with no earlier open one of their line, skipping those locked by other processes.

    Open ones of the numbers `passing` are as good as done.
    """
    earlier = aliased(InboxUpdate)
    in_the_way = earlier.state.in_(OPEN), earlier.update_id.not_in(passing)
    is_first = ~exists().where(earlier.line == InboxUpdate.line, earlier.update_id < InboxUpdate.update_id, *in_the_way)
    query = (
        select(InboxUpdate)
        .where(InboxUpdate.state == UpdateState.WAITING, InboxUpdate.standing.in_(standings), is_first)
        .order_by(InboxUpdate.update_id)
        .limit(at_most)
    )
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def stranded(session: Session, holder: str, now: datetime, lease: timedelta, *, at_most: int) -> Sequence[InboxUpdate]:
    """Lock the updates whose lease has expired, skipping those locked by other processes.

    A lease of another holder that ends later than one taken now would is from before the clock was set back.
    """
    ended = or_(_lapsed(now), and_(_beyond(now + lease), InboxUpdate.holder != holder))
    query = select(InboxUpdate).where(ended).order_by(InboxUpdate.update_id).limit(at_most)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def held(session: Session, holder: str, turns: Mapping[int, int]) -> Sequence[InboxUpdate]:
    """Lock the updates that a holder still has at these turns, by number, skipping those locked by a transaction."""
    at_its_turn = tuple_(InboxUpdate.update_id, InboxUpdate.tries).in_([*turns.items()])
    query = select(InboxUpdate).where(at_its_turn, InboxUpdate.holder == holder, InboxUpdate.state.in_(IN_HAND))
    return session.scalars(query.order_by(InboxUpdate.update_id).with_for_update(skip_locked=True)).all()


def anything_to_do(session: Session, now: datetime, lease: timedelta) -> bool:
    """Return whether an update is waiting or may be stranded, without locking it."""
    waiting = select(InboxUpdate.update_id).where(InboxUpdate.state == UpdateState.WAITING).limit(1)
    stranded = select(InboxUpdate.update_id).where(or_(_lapsed(now), _beyond(now + lease))).limit(1)
    return any(session.scalars(query).first() is not None for query in (waiting, stranded))


def move(
    session: Session,
    update_id: int,
    holder: str,
    turn: int,
    *,
    old: Sequence[UpdateState],
    untouched: bool,
    **new: object,
) -> bool:
    """Change an update if this holder still has it, at this turn, in one of the states `old`; else return False.

    `untouched`: only if it has had no effect yet.
    """
    claimed = InboxUpdate.update_id == update_id, InboxUpdate.holder == holder, InboxUpdate.tries == turn
    free = InboxUpdate.effected.is_(False) if untouched else true()
    moved = (
        update(InboxUpdate)
        .where(*claimed, free, InboxUpdate.state.in_(old))
        .values(**new)
        .returning(InboxUpdate.update_id)
    )
    return session.scalars(moved).one_or_none() is not None


def renew(session: Session, holder: str, update_ids: Iterable[int], leased_until: datetime) -> None:
    """Extend a holder's leases, skipping updates that a running transaction has locked."""
    held = select(InboxUpdate).where(
        InboxUpdate.update_id.in_(set(update_ids)), InboxUpdate.state.in_(IN_HAND), InboxUpdate.holder == holder
    )
    for found in session.scalars(held.with_for_update(skip_locked=True)).all():
        found.leased_until = leased_until


def find(session: Session, update_id: int) -> InboxUpdate | None:
    """Return an update, refreshed; None if there is none."""
    return session.get(InboxUpdate, update_id, populate_existing=True)


def last_effected(session: Session, before: ReceivedUpdate, since: datetime) -> InboxUpdate | None:
    """Return the sender's last update of the same line that had an effect, received since a moment."""
    query = select(InboxUpdate).where(
        InboxUpdate.received_at >= since,
        InboxUpdate.update_id < before.update_id,
        InboxUpdate.line == before.line,
        InboxUpdate.sender_id == before.sender_id,
        InboxUpdate.effected,
    )
    return session.scalars(query.order_by(InboxUpdate.update_id.desc()).limit(1)).one_or_none()


def any_between(session: Session, line: int, after: int, before: int) -> bool:
    """Return whether an update of a line was received between two others, given by their numbers."""
    between = InboxUpdate.update_id > after, InboxUpdate.update_id < before, InboxUpdate.line == line
    return session.scalars(select(InboxUpdate.update_id).where(*between).limit(1)).one_or_none() is not None


def unconfirmed(session: Session, since: datetime, *, at_most: int) -> Sequence[InboxUpdate]:
    """List the updates received since a moment whose answers are lost or unconfirmed, newest first."""
    lost = InboxUpdate.state.in_(UNANSWERED)
    query = select(InboxUpdate).where(lost, InboxUpdate.received_at >= since)
    return session.scalars(query.order_by(InboxUpdate.update_id.desc()).limit(at_most)).all()


def oldest_open(session: Session) -> datetime | None:
    """Return when the oldest update that isn't done was received (UTC)."""
    query = select(InboxUpdate.received_at).where(InboxUpdate.state.in_(OPEN))
    return session.scalars(query.order_by(InboxUpdate.update_id).limit(1)).one_or_none()


def count_by_state(session: Session) -> dict[str, int]:
    """Count the updates in each state."""
    return dict(session.execute(select(InboxUpdate.state, func.count()).group_by(InboxUpdate.state)).all())


def forget(session: Session, sender_id: int) -> None:
    """Erase what a person sent, and that they sent it; the numbers stay, because Telegram may repeat updates."""
    ended = update(InboxUpdate).where(InboxUpdate.sender_id == sender_id, InboxUpdate.state.not_in(OPEN))
    session.execute(ended.values(sender_id=None, line=0, button=None, body={}))


def sweep(session: Session, before: datetime) -> None:
    """Delete the finished updates that were received before a moment."""
    session.execute(delete(InboxUpdate).where(InboxUpdate.received_at < before, InboxUpdate.state.not_in(OPEN)))


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return InboxUpdate.state.in_(IN_HAND) & (InboxUpdate.leased_until <= now)


def _beyond(latest: datetime) -> ColumnElement[bool]:
    return and_(InboxUpdate.state.in_(IN_HAND), InboxUpdate.leased_until > latest + TOLERANCE)
