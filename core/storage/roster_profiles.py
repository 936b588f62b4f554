"""Queries on which profiles have a roster."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.profiles import editable_by
from core.storage.tables import DepartmentTree, ExpectedPerson, Profile

_EXPECTING = exists().where(ExpectedPerson.profile_id == Profile.id)


def newest(session: Session, scope: Scope, *, at_most: int) -> list[Profile]:
    """List the newest profiles of the scope that have a roster."""
    query = select(Profile).where(Profile.removed_at.is_(None), editable_by(scope), _EXPECTING)
    return list(session.scalars(query.order_by(Profile.id.desc()).limit(at_most)))


def unended(session: Session, scope: Scope, now: datetime) -> dict[int, int]:
    """Return the scope's profiles that have a roster, and whose window is not over, with their departments."""
    query = select(Profile.id, Profile.department_id).where(
        Profile.removed_at.is_(None), Profile.ends_at >= now, editable_by(scope), _EXPECTING
    )
    return dict(iter(session.execute(query)))


def editable_among(session: Session, scope: Scope, profile_ids: Iterable[int]) -> dict[int, bool]:
    """Return those of the profiles that belong to a department of the scope now, and whether each has a roster."""
    query = select(Profile.id, _EXPECTING).where(Profile.id.in_(set(profile_ids)), editable_by(scope))
    return dict(iter(session.execute(query)))


def in_branch(session: Session, department_id: int) -> list[int]:
    """Return the numbers of the profiles of a department, and those below it, that have a roster."""
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    query = select(Profile.id).where(Profile.department_id.in_(branch), Profile.removed_at.is_(None), _EXPECTING)
    return list(session.scalars(query))
