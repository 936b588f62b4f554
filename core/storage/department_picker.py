"""Queries for choosing a department by taps."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.tables import Department, Profile


def below(session: Session, parent_id: int) -> dict[int, str]:
    """Return the names of the departments directly below one, sorted by name, by number."""
    query = select(Department.id, Department.name).where(
        Department.parent_id == parent_id, Department.removed_at.is_(None)
    )
    return dict(session.execute(query.order_by(Department.name_key, Department.id)).all())


def named(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of departments that are not removed, sorted by name, by number."""
    query = select(Department.id, Department.name).where(
        Department.id.in_(set(ids)), Department.removed_at.is_(None), Department.parent_id.is_not(None)
    )
    return dict(session.execute(query.order_by(Department.name_key, Department.id)).all())


def with_any_below(session: Session, ids: Iterable[int]) -> set[int]:
    """Return those of the departments that have others below them."""
    query = select(Department.parent_id).where(Department.parent_id.in_(set(ids)), Department.removed_at.is_(None))
    return {parent for parent in session.scalars(query.distinct()) if parent is not None}


def parent(session: Session, department_id: int) -> int | None:
    """Return the number of the department above one; None for the root."""
    return session.scalars(select(Department.parent_id).where(Department.id == department_id)).one_or_none()


def lately_used(session: Session, user_id: int, scope: Scope, *, at_most: int) -> list[int]:
    """List the departments within scope of the profiles that a user made, the last one's first; not the root."""
    query = (
        select(Profile.department_id)
        .join(Department, Department.id == Profile.department_id)
        .where(
            Profile.created_by == user_id,
            Department.removed_at.is_(None),
            Department.parent_id.is_not(None),
            within(scope, Profile.department_id.expression),
        )
        .group_by(Profile.department_id)
        .order_by(func.max(Profile.id).desc())
    )
    return list(session.scalars(query.limit(at_most)))


def first_in(session: Session, scope: Scope, *, at_most: int) -> list[int]:
    """List departments within scope but the root, at most so many."""
    query = select(Department.id).where(
        Department.removed_at.is_(None), Department.parent_id.is_not(None), within(scope, Department.id.expression)
    )
    return list(session.scalars(query.order_by(Department.id).limit(at_most)))
