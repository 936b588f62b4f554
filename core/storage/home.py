"""Queries on the figures of the first screen, each a single statement."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.figures import Figures
from core.domain.periods import Period
from core.storage.departments import ids_in_scope
from core.storage.pending_sign_ups import awaiting
from core.storage.profiles import editable_by, recorded_in, running
from core.storage.tables import Activation, PendingSignUp, Profile
from core.storage.undone_sign_ups import undone

T = TypeVar("T")


def figures(session: Session, scope: Scope, now: datetime, period: Period, before: Period) -> Figures:
    """Count what the first screen shows, within a scope; `open` regardless of the account's switch."""
    links = select(func.count()).select_from(Profile).where(editable_by(scope), *running(now))
    parts = (
        links.scalar_subquery(),
        _joined(scope, period).scalar_subquery(),
        _joined(scope, before).scalar_subquery(),
        _waiting(scope, now, func.count()).scalar_subquery(),
        _waiting(scope, now, func.min(PendingSignUp.created_at)).scalar_subquery(),
    )
    opened, joined, joined_before, waiting, since = session.execute(select(*parts)).one()
    return Figures(open=opened, joined=joined, joined_before=joined_before, waiting=waiting, waiting_since=since)


def most_urgent(session: Session, scope: Scope, now: datetime, until: datetime) -> Profile | None:
    """Return a profile of the scope within its window that is full, else the one that ends first, by `until`."""
    taken = Profile.used + Profile.reserved
    full = and_(Profile.activation_limit.is_not(None), taken >= Profile.activation_limit)
    query = select(Profile).where(
        Profile.removed_at.is_(None),
        Profile.paused.is_(False),
        Profile.starts_at <= now,
        Profile.ends_at >= now,
        editable_by(scope),
        or_(full, Profile.ends_at <= until),
    )
    return session.scalars(query.order_by(full.desc(), Profile.ends_at, Profile.id).limit(1)).one_or_none()


def _joined(scope: Scope, period: Period) -> Select[int]:
    # the undone ones are few and have an index of their own, which SQLite takes if it can't take that of the time
    returned = _signed_up(scope, period, at=func.coalesce(Activation.at, Activation.returned_at)).where(undone())
    return select(_signed_up(scope, period, at=Activation.at).scalar_subquery() - returned.scalar_subquery())


def _signed_up(scope: Scope, period: Period, at: SQLColumnExpression[datetime]) -> Select[int]:
    query = select(func.count()).select_from(Activation).where(at >= period.since, at < period.until)
    if scope.everywhere:
        return query
    # `+ 0` keeps the planner from looking into each profile for each department: the few of the period are found first.
    readable = (Activation.profile_id + 0).in_(select(Profile.id).where(recorded_in(scope)))
    return query.where((Activation.learner_department_id + 0).in_(ids_in_scope(scope)), readable)


def _waiting(scope: Scope, now: datetime, counted: ColumnElement[T]) -> Select[T]:
    query = select(counted).select_from(PendingSignUp).join(Profile, Profile.id == PendingSignUp.profile_id)
    return query.where(*awaiting(scope, now))
