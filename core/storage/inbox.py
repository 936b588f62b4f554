"""Queries on received updates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert, Update

from core.domain.inbox import IN_HAND, OPEN, UNANSWERED, Standing, UpdateState
from core.domain.updates import ReceivedUpdate
from core.storage.shared_clock import TOLERANCE
from core.storage.tables import InboxUpdate, table_of


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An update that was just claimed; `turn` is how often it has been."""

    update_id: int
    sender_id: int | None
    standing: Standing
    turn: int
    body: Mapping[str, Any]


def add(session: Session, admitted: Iterable[tuple[ReceivedUpdate, Standing]], now: datetime) -> None:
    """Store updates; those that are already stored stay as they are."""
    rows = [
        {
            "update_id": received.update_id,
            "line": received.line,
            "sender_id": received.sender_id,
            "standing": standing,
            "button": received.button,
            "body": dict(received.body),
            "received_at": now,
        }
        for received, standing in admitted
    ]
    if rows:
        session.connection().execute(_adding(session.get_bind().dialect.name), rows)


def take(
    session: Session,
    holder: str,
    leased_until: datetime,
    standings: Collection[Standing],
    *,
    passing: Collection[int],
    at_most: int,
) -> list[Taken]:
    """Claim waiting updates with no earlier open one of their line, skipping those locked by other processes.

    Open ones of the numbers `passing` are as good as done.
    """
    values = {"taker": holder, "until": leased_until, "at_most": at_most}
    if passing:
        values["passing"] = [*passing]
    rows = session.connection().execute(_taking(frozenset(standings), passed=bool(passing)), values).all()
    taken = [
        Taken(update_id=update_id, sender_id=sender_id, standing=Standing(standing), turn=tries, body=body)
        for update_id, sender_id, standing, tries, body in rows
    ]
    return sorted(taken, key=lambda one: one.update_id)


def finish(session: Session, turns: Collection[tuple[int, str, int]]) -> None:
    """Mark updates as done, given by their numbers, holders and turns, if these still have them; drop their bodies."""
    claimed = [{"of": number, "by": holder, "at_turn": turn} for number, holder, turn in turns]
    session.connection().execute(_FINISH, claimed)


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
    moments = {"now": now, "latest": now + lease + TOLERANCE}
    return session.connection().execute(_ANYTHING_TO_DO, moments).first() is not None


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
    moving = _moving(tuple(old), untouched=untouched)
    claimed = {"of": update_id, "by": holder, "at_turn": turn}
    return session.connection().execute(moving, {**claimed, **new}).one_or_none() is not None


def note_entries(session: Session, update_id: int, entries: Sequence[int]) -> None:
    """Store which entries of the audit log an update's effect made."""
    session.execute(update(InboxUpdate).where(InboxUpdate.update_id == update_id).values(entries=[*entries]))


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


def versions(session: Session, edit: ReceivedUpdate, sent: str | None) -> Sequence[InboxUpdate]:
    """Return the updates with earlier versions of an edited message, the first one first.

    `sent` identifies the message as it was sent.
    """
    query = select(InboxUpdate).where(
        InboxUpdate.update_id < edit.update_id,
        InboxUpdate.line == edit.line,
        InboxUpdate.sender_id == edit.sender_id,
        InboxUpdate.button.in_((sent, edit.button)),
    )
    return session.scalars(query.order_by(InboxUpdate.update_id)).all()


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
    session.execute(ended.values(sender_id=None, line=0, button=None, entries=None, body={}))


def sweep(session: Session, before: datetime) -> None:
    """Delete the finished updates that were received before a moment."""
    session.execute(delete(InboxUpdate).where(InboxUpdate.received_at < before, InboxUpdate.state.not_in(OPEN)))


def _lapsed(now: datetime) -> ColumnElement[bool]:
    return InboxUpdate.state.in_(IN_HAND) & (InboxUpdate.leased_until <= now)


def _beyond(latest: datetime) -> ColumnElement[bool]:
    return and_(InboxUpdate.state.in_(IN_HAND), InboxUpdate.leased_until > latest + TOLERANCE)


def _is_one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the SQL condition that a column has one of these values, of which none needs quotes.

    They are written as they are: with parameters, the list would be written anew by each execution, and the planner
    couldn't match it to the index of open updates.
    """
    return column.in_([literal_column(f"'{value}'") for value in values])


_TABLE = table_of(InboxUpdate)
_ROWS = _TABLE.c
_EARLIER = _TABLE.alias("earlier")
_OPEN_BEFORE = (
    _EARLIER.c.line == _ROWS.line,
    _EARLIER.c.update_id < _ROWS.update_id,
    _is_one_of(_EARLIER.c.state, OPEN),
)
_IN_HAND = _is_one_of(_ROWS.state, IN_HAND)
_ENDED = or_(
    _ROWS.leased_until <= bindparam("now", type_=_ROWS.leased_until.type),
    _ROWS.leased_until > bindparam("latest", type_=_ROWS.leased_until.type),
)
_ANYTHING_TO_DO = (
    select(_ROWS.update_id).where(or_(_ROWS.state == UpdateState.WAITING, and_(_IN_HAND, _ENDED))).limit(1)
)
_CLAIMED = _ROWS.update_id == bindparam("of"), _ROWS.holder == bindparam("by"), _ROWS.tries == bindparam("at_turn")
_FINISH = update(_TABLE).where(*_CLAIMED, _IN_HAND).values(state=UpdateState.DONE, body={})


@cache
def _adding(dialect: str) -> Insert:
    """Return the statement that stores an update; SQLAlchemy has ON CONFLICT in its dialects only."""
    insert = postgresql.insert(_TABLE) if dialect == "postgresql" else sqlite.insert(_TABLE)
    return insert.values(state=UpdateState.WAITING, effected=False, tries=0).on_conflict_do_nothing()


@cache
def _taking(standings: frozenset[Standing], *, passed: bool) -> Update:
    """Return the statement of `take`, with or without numbers whose updates are as good as done."""
    passing = [_EARLIER.c.update_id.not_in(bindparam("passing", expanding=True))] if passed else []
    is_first = ~exists().where(*_OPEN_BEFORE, *passing)
    free = (
        select(_ROWS.update_id)
        .where(_ROWS.state == UpdateState.WAITING, _is_one_of(_ROWS.standing, sorted(standings)), is_first)
        .order_by(_ROWS.update_id)
        .limit(bindparam("at_most"))
        .with_for_update(skip_locked=True)
        .cte("free")  # so that PostgreSQL evaluates it once, and with it the limit
    )
    claimed = {"state": UpdateState.CLAIMED, "holder": bindparam("taker"), "leased_until": bindparam("until")}
    taking = update(_TABLE).where(_ROWS.update_id.in_(select(free.c.update_id)))
    taking = taking.values(**claimed, tries=_ROWS.tries + 1)
    return taking.returning(_ROWS.update_id, _ROWS.sender_id, _ROWS.standing, _ROWS.tries, _ROWS.body)


@cache
def _moving(old: tuple[UpdateState, ...], *, untouched: bool) -> Update:
    """Return the statement of `move`; it sets the columns whose values it is given."""
    free = _ROWS.effected.is_(False) if untouched else true()
    moving = update(_TABLE).where(*_CLAIMED, free, _is_one_of(_ROWS.state, old))
    return moving.returning(_ROWS.update_id)
