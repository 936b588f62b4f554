"""Queries on the use of limits. Each count is one conditional upsert, so a limit holds exactly between processes.

A row that opens much later than its limit lets anybody wait is from before the clock was set back: it isn't believed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, cast, delete, or_, select, true, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningInsert

from core.domain.limits import Attempt, Limit, Pause, Rate
from core.storage.database import upsert
from core.storage.prepared import finds, rows
from core.storage.tables import LeftOut, LimitUse, table_of

START = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = 0  # before all moments, so that it is open by the clock of every process
TOLERANCE = timedelta(minutes=1)  # by which clocks may differ


def used_up(session: Session, attempts: Iterable[Attempt], now: datetime) -> tuple[Attempt, datetime] | None:
    """Return the attempt whose limit is used up for longest, and until when (UTC); None if all can be counted."""
    by_key = {attempt.key: attempt for attempt in attempts}
    for key, opens_at in rows(session, _CLOSED, keys=list(by_key), now=_number(now)):
        if opens_at <= _latest(by_key[key].limit, now):
            return by_key[key], _moment(opens_at)
    return None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What came of counting: those whose limits are used up, and those that are part of a rush."""

    refused: list[Attempt]
    rushing: list[Attempt]


def count(session: Session, attempts: Sequence[Attempt], now: datetime) -> Counted:
    """Count attempts; if any is refused, the others must be rolled back."""
    counted: set[str] = set()
    rushing: list[Attempt] = []
    if rates := [(attempt, attempt.limit) for attempt in attempts if isinstance(attempt.limit, Rate)]:
        first = [{"key": attempt.key, **_first_use(limit, now)} for attempt, limit in rates]
        values = {f"row{row}_{name}": value for row, values in enumerate(first) for name, value in values.items()}
        counting = _counting_rates(session.get_bind().dialect.name, len(rates))
        rows = session.connection().execute(counting, {**values, "at": _number(now)}).all()
        expiring = {row.key: row.expires_at for row in rows}
        counted.update(expiring)
        rushing = [attempt for attempt, limit in rates if _is_rush(limit, expiring.get(attempt.key), now)]
    pauses = [(attempt.key, attempt.limit) for attempt in attempts if isinstance(attempt.limit, Pause)]
    counted.update(key for key, limit in pauses if _count_pause(session, key, limit, now))
    return Counted(refused=[attempt for attempt in attempts if attempt.key not in counted], rushing=rushing)


def give_back(session: Session, attempts: Sequence[Attempt]) -> None:
    """Take attempts back that succeeded: of a rate this one, of a pause all."""
    rates = [(attempt.key, attempt.limit.every) for attempt in attempts if isinstance(attempt.limit, Rate)]
    if rates:
        rows = [{"of": key, "less": _length(every)} for key, every in rates]
        session.connection().execute(_GIVE_BACK_RATES, rows)
    if pauses := [{"of": attempt.key} for attempt in attempts if isinstance(attempt.limit, Pause)]:
        session.connection().execute(_FORGET, pauses)


def take_back(session: Session, attempt: Attempt, counted_at: datetime) -> None:
    """Take one attempt back that was counted at a moment, but not made; a pause that only it began ends."""
    session.execute(
        update(LimitUse).where(LimitUse.key == attempt.key).values(_without(attempt.limit, _number(counted_at)))
    )


def any_expired(session: Session, now: datetime) -> bool:
    """Return whether a row has expired."""
    return finds(session, _EXPIRED, now=_number(now))


def sweep(session: Session, now: datetime, *, at_most: int) -> None:
    """Delete the expired rows, and of the others all but `at_most`, the first to expire first.

    A row that another transaction has locked stays until the next time: to wait for it, while holding others, could
    never end.
    """
    kept = select(LimitUse.expires_at).order_by(LimitUse.expires_at.desc()).offset(at_most).limit(1)
    past = max(_number(now), session.scalars(kept).one_or_none() or 0)
    free = select(LimitUse.key).where(LimitUse.expires_at <= past).with_for_update(skip_locked=True)
    session.execute(delete(LimitUse).where(LimitUse.key.in_(free)))


def add_left_out(session: Session, what: str, number: int) -> None:
    """Add to the number of what was left out."""
    adding = upsert(session, LeftOut).values(what=what, number=number)
    more = {"number": LeftOut.number + number}
    session.execute(adding.on_conflict_do_update(index_elements=[LeftOut.what], set_=more))


def left_out(session: Session) -> dict[str, int]:
    """Return the numbers of what was left out."""
    return dict(session.execute(select(LeftOut.what, LeftOut.number)).all())


def _first_use(limit: Limit, now: datetime) -> Mapping[str, int]:
    """Return the values of a row after a first attempt."""
    at = _number(now)
    if isinstance(limit, Rate):
        expires_at = at + _length(limit.every)
        return {"attempts": 1, "opens_at": expires_at - _length(limit.room), "expires_at": expires_at}
    pause = _length(limit.pauses[0])
    opens_at = at + pause if pause else OPEN
    return {"attempts": 1, "opens_at": opens_at, "expires_at": at + pause + _length(limit.forgotten_after)}


def _count_pause(session: Session, key: str, limit: Pause, now: datetime) -> bool:
    first = {"key": key, **_first_use(limit, now)}
    counting = (
        upsert(session, LimitUse)
        .values(first)
        .on_conflict_do_update(
            index_elements=[LimitUse.key],
            set_=_next_use(limit, now),
            where=or_(LimitUse.opens_at <= _number(now), LimitUse.opens_at > _latest(limit, now)),
        )
        .returning(LimitUse.key)
    )
    return session.scalars(counting).one_or_none() is not None


def _next_use(limit: Pause, now: datetime) -> Mapping[str, ColumnElement[Any]]:
    """Return the values of a row after a further attempt."""
    at = _number(now)
    is_first = or_(LimitUse.expires_at <= at, LimitUse.opens_at > _latest(limit, now))
    attempts = case((is_first, 1), else_=LimitUse.attempts + 1)
    pause = _pause_after(limit, attempts)
    opens_at = case((pause == 0, OPEN), else_=pause + at)
    return {"attempts": attempts, "opens_at": opens_at, "expires_at": pause + at + _length(limit.forgotten_after)}


def _without(limit: Limit, counted_at: int) -> Mapping[str, ColumnElement[Any]]:
    """Return the values of a row without an attempt; the pause of a later one stays."""
    if isinstance(limit, Rate):
        return _one_less(limit)
    began = LimitUse.opens_at == _pause_after(limit, LimitUse.attempts) + counted_at
    return {"attempts": LimitUse.attempts - 1, "opens_at": case((began, OPEN), else_=LimitUse.opens_at)}


def _one_less(limit: Rate) -> Mapping[str, ColumnElement[Any]]:
    every = _length(limit.every)
    return {"opens_at": LimitUse.opens_at - every, "expires_at": LimitUse.expires_at - every}


def _pause_after(limit: Pause, attempts: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    lengths = [_length(pause) for pause in limit.pauses]
    pause = case(*((attempts <= number, length) for number, length in enumerate(lengths, 1)), else_=lengths[-1])
    return cast(pause, BigInteger)  # as the columns that it is added to


def _latest(limit: Limit, now: datetime) -> int:
    """Return when a row opens at the latest. Twice as much is allowed: a short step only prolongs a long wait."""
    return _number(now + 2 * limit.longest + TOLERANCE)


def _is_rush(rate: Rate, expires_at: int | None, now: datetime) -> bool:
    """Return whether a rate's attempts are so many ahead of the average; never if the last one wasn't counted."""
    return bool(rate.rush and expires_at and expires_at - _number(now) >= _length(rate.every) * rate.rush)


def _number(at: datetime) -> int:
    return _length(at - START)


def _length(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def _moment(number: int) -> datetime:
    return START + timedelta(milliseconds=number)


@cache
def _counting_rates(dialect: str, number: int) -> ReturningInsert[Any]:
    """Return the statement that counts so many attempts of rates, each by its row's values after a first attempt.

    These hold all that is needed of the rate: `expires_at` is one interval after `at`, and `opens_at` is earlier than
    that by the rate's room. After a further attempt the row is as if it had followed a rest that ended at the latest
    when this one was allowed. All rows are one statement, for which SQLAlchemy's own VALUES would be compiled anew
    each time.
    """
    insert = postgresql.insert(_TABLE) if dialect == "postgresql" else sqlite.insert(_TABLE)
    rows = [
        select(*(bindparam(f"row{row}_{column.name}", type_=column.type) for column in _ROWS)).where(true())
        for row in range(number)
    ]
    first, at = insert.excluded, bindparam("at", type_=BigInteger)
    every = first.expires_at - at
    later, latest = _ROWS.opens_at + every, at + 2 * every + _length(TOLERANCE)  # as in `_latest`
    is_false = _ROWS.opens_at > latest
    opens_at = case((or_(later < first.opens_at, is_false), first.opens_at), else_=later)
    further = {"attempts": _ROWS.attempts + 1, "opens_at": opens_at}
    return (
        insert.from_select([column.name for column in _ROWS], union_all(*rows))
        .on_conflict_do_update(
            index_elements=[_ROWS.key],
            set_={**further, "expires_at": opens_at + (first.expires_at - first.opens_at)},
            where=or_(_ROWS.opens_at <= at, is_false),
        )
        .returning(_ROWS.key, _ROWS.expires_at)
    )


_TABLE = table_of(LimitUse)
_ROWS = _TABLE.c
_OF = _ROWS.key == bindparam("of")
_LESS = bindparam("less", type_=BigInteger)
_GIVE_BACK_RATES = (
    update(_TABLE).where(_OF).values({"opens_at": _ROWS.opens_at - _LESS, "expires_at": _ROWS.expires_at - _LESS})
)
_FORGET = delete(_TABLE).where(_OF)


_CLOSED = (
    select(LimitUse.key, LimitUse.opens_at)
    .where(LimitUse.key.in_(bindparam("keys", expanding=True)), LimitUse.opens_at > bindparam("now"))
    .order_by(LimitUse.opens_at.desc())
)
_EXPIRED = select(LimitUse.key).where(LimitUse.expires_at <= bindparam("now")).limit(1)
