"""Queries on the ledger of activations, and on the sign-ups that wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.orm import Session

from core.domain.ledger import RESERVED, USED, Event
from core.storage.tables import LedgerEntry, PendingSignUp, Profile


def enter(
    session: Session,
    profile_id: int,
    user_id: int,
    event: Event,
    now: datetime,
    *,
    by_id: int | None = None,
    reason: str = "",
) -> None:
    """Add an event; it happens to a learner once (uq_ledger_entry_user_id_kind)."""
    session.add(LedgerEntry(profile_id=profile_id, user_id=user_id, kind=event, by_id=by_id, reason=reason, at=now))
    session.flush()


def disagreements(session: Session) -> Sequence[Row[int, int, int, int, int]]:
    """List the profiles whose counters are not what the ledger adds up to: number, used and reserved, twice."""
    sums = (
        select(
            LedgerEntry.profile_id,
            func.sum(case(USED, value=LedgerEntry.kind, else_=0)).label("used"),
            func.sum(case(RESERVED, value=LedgerEntry.kind, else_=0)).label("reserved"),
        )
        .group_by(LedgerEntry.profile_id)
        .subquery()
    )
    used, reserved = func.coalesce(sums.c.used, 0), func.coalesce(sums.c.reserved, 0)
    query = (
        select(Profile.id, Profile.used, Profile.reserved, used, reserved)
        .outerjoin(sums, sums.c.profile_id == Profile.id)
        .where(or_(Profile.used != used, Profile.reserved != reserved))
        .order_by(Profile.id)
    )
    return session.execute(query).all()


def pending(session: Session, user_id: int) -> PendingSignUp | None:
    """Find the sign-up that waits under a user's number, locked until the end of the transaction."""
    query = select(PendingSignUp).where(PendingSignUp.user_id == user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def pending_by_code(session: Session, code_hash: str) -> PendingSignUp | None:
    """Find the sign-up that waits for this code."""
    return session.scalars(select(PendingSignUp).where(PendingSignUp.code_hash == code_hash)).one_or_none()


def pending_by_form(session: Session, form_key: str) -> PendingSignUp | None:
    """Find the sign-up that this very form made and that still waits."""
    return session.scalars(select(PendingSignUp).where(PendingSignUp.form_key == form_key)).one_or_none()


def pending_of(session: Session, profile_id: int) -> list[int]:
    """List the users whose sign-ups through a profile wait, the longest waiting first."""
    query = select(PendingSignUp.user_id).where(PendingSignUp.profile_id == profile_id)
    return list(session.scalars(query.order_by(PendingSignUp.user_id)))


def any_expired(session: Session, now: datetime) -> bool:
    """Tell whether a sign-up has waited too long."""
    return bool(expired(session, now, at_most=1))


def expired(session: Session, now: datetime, *, at_most: int) -> list[int]:
    """List users whose sign-ups have waited too long."""
    query = select(PendingSignUp.user_id).where(PendingSignUp.expires_at <= now).order_by(PendingSignUp.expires_at)
    return list(session.scalars(query.limit(at_most)))
