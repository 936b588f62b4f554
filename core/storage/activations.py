"""Queries on activation history."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, case, func, select, text
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.tables import Activation, Profile, User

SHARE_LOCK = text("LOCK TABLE activation IN SHARE MODE")


def user_of_form(session: Session, form_key: str) -> int | None:
    """Find the user that this very form made."""
    return session.scalars(select(Activation.user_id).where(Activation.form_key == form_key)).one_or_none()


def page(
    session: Session, scope: Scope, profile_id: int, *, before: int | None, size: int
) -> Sequence[Row[Activation, User]]:
    """List a profile's activations whose learners are within the scope now, newest first, from before a number on."""
    query = _with_learner().where(Activation.profile_id == profile_id, _seen(scope))
    if before is not None:
        query = query.where(Activation.id < before)
    return session.execute(query.order_by(Activation.id.desc()).limit(size)).all()


def counts(session: Session, scope: Scope, profile_id: int) -> tuple[int, int, int]:
    """Count a profile's activations that the scope shows, and those hidden: transferred since, pointed elsewhere then.

    Hidden learners who signed up to a department within the scope were transferred later; the others signed up while
    the profile pointed elsewhere.
    """
    seen = _seen(scope)
    was_ours = within(scope, Activation.department_id.expression)
    shown, transferred, elsewhere = session.execute(
        select(
            func.coalesce(func.sum(case((seen, 1), else_=0)), 0),
            func.coalesce(func.sum(case((~seen & was_ours, 1), else_=0)), 0),
            func.coalesce(func.sum(case((~seen & ~was_ours, 1), else_=0)), 0),
        )
        .select_from(Activation)
        .join(User, User.id == Activation.user_id)
        .where(Activation.profile_id == profile_id)
    ).one()
    return shown, transferred, elsewhere


def last_settled_number(session: Session) -> int:
    """Give the newest activation's number, when no smaller one can be committed any more.

    PostgreSQL hands numbers out before the commit. The lock waits for the sign-ups under way and keeps the next ones
    from taking a number until this transaction ends. SQLite's writers are alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(SHARE_LOCK)
    return session.scalars(select(func.coalesce(func.max(Activation.id), 0))).one()


def between(
    session: Session, scope: Scope, *, after: int, through: int
) -> Sequence[Row[Activation, User, Profile, bool]]:
    """List the activations (after, through] of profiles within the scope, and whether the learner is within it now."""
    query = (
        select(Activation, User, Profile, _seen(scope))
        .join(User, User.id == Activation.user_id)
        .join(Profile, Profile.id == Activation.profile_id)
        .where(Activation.id > after, Activation.id <= through, within(scope, Profile.department_id.expression))
        .order_by(Profile.name_key, Profile.id, Activation.id)
    )
    return session.execute(query).all()


def _with_learner() -> Select[Activation, User]:
    return select(Activation, User).join(User, User.id == Activation.user_id)


def _seen(scope: Scope) -> ColumnElement[bool]:
    """Say in SQL that the learner belongs to the scope now."""
    return within(scope, User.department_id.expression)
