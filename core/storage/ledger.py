"""Queries on the ledger of activations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, case, func, insert, or_, select
from sqlalchemy.orm import Session

from core.domain.ledger import RESERVED, USED, Event
from core.storage.kept_places import kept_places
from core.storage.tables import LedgerEntry, Profile, table_of

_ADD = insert(table_of(LedgerEntry))


def add_entry(
    session: Session,
    profile_id: int,
    user_id: int,
    event: Event,
    now: datetime,
    *,
    by_id: int | None = None,
    reason: str = "",
) -> None:
    """Add an event; of most kinds a learner has at most one (uq_ledger_entry_once)."""
    session.flush()  # the learner may be new
    entry = {"profile_id": profile_id, "user_id": user_id, "kind": event, "by_id": by_id, "reason": reason, "at": now}
    session.connection().execute(_ADD, entry)


def any_released(session: Session, profile_id: int, reason: str, since: datetime) -> bool:
    """Return whether a place of a profile was released for a reason at or after a moment."""
    query = select(LedgerEntry.id).where(
        LedgerEntry.profile_id == profile_id,
        LedgerEntry.kind == Event.RELEASED,
        LedgerEntry.reason == reason,
        LedgerEntry.at >= since,
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def disagreements(session: Session) -> Sequence[Row[int, int, int, int, int]]:
    """List the profiles whose counters differ from the ledger: number, used, reserved, and both by the ledger.

    Places that are kept for granted requests are reserved, too; no user whom the ledger could name has them yet.
    """
    sums = (
        select(
            LedgerEntry.profile_id,
            func.sum(case(USED, value=LedgerEntry.kind, else_=0)).label("used"),
            func.sum(case(RESERVED, value=LedgerEntry.kind, else_=0)).label("reserved"),
        )
        .group_by(LedgerEntry.profile_id)
        .subquery()
    )
    used, reserved = func.coalesce(sums.c.used, 0), func.coalesce(sums.c.reserved, 0) + kept_places()
    query = (
        select(Profile.id, Profile.used, Profile.reserved, used, reserved)
        .outerjoin(sums, sums.c.profile_id == Profile.id)
        .where(or_(Profile.used != used, Profile.reserved != reserved))
        .order_by(Profile.id)
    )
    return session.execute(query).all()
