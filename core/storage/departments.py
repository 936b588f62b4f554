"""Queries on the tree of departments."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, insert, literal, select, true
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.tables import Department, DepartmentTree

Path = tuple[str, ...]


def root_id(session: Session) -> int:
    """Give the root's number."""
    return session.scalars(select(Department.id).where(Department.parent_id.is_(None))).one()


def child_id(session: Session, parent_id: int, name: str) -> int | None:
    """Find a department by its parent and its name, in any case."""
    return session.scalars(
        select(Department.id).where(Department.parent_id == parent_id, Department.name_key == name.casefold())
    ).one_or_none()


def add(session: Session, parent_id: int, name: str) -> int:
    """Add a department below another one. Violates uq_department_parent_id_name_key where it exists."""
    department = Department(parent_id=parent_id, name=name, name_key=name.casefold())
    session.add(department)
    session.flush()
    above = select(DepartmentTree.ancestor_id, literal(department.id), DepartmentTree.depth + 1).where(
        DepartmentTree.descendant_id == parent_id
    )
    session.execute(insert(DepartmentTree).from_select(["ancestor_id", "descendant_id", "depth"], above))
    session.add(DepartmentTree(ancestor_id=department.id, descendant_id=department.id, depth=0))
    return department.id


def within(scope: Scope, department_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Say in SQL that a department is a managed one or below one."""
    if scope.everywhere:
        return true()
    reached = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id.in_(scope.managed))
    return department_id.in_(reached)


def paths(session: Session, ids: Iterable[int] | None = None) -> dict[int, Path]:
    """Give the names from below the root down to each of the departments (None: to every one). The root's is empty."""
    names = (
        select(DepartmentTree.descendant_id, Department.name, Department.parent_id)
        .join(Department, Department.id == DepartmentTree.ancestor_id)
        .order_by(DepartmentTree.descendant_id, DepartmentTree.depth.desc())
    )
    if ids is not None:
        names = names.where(DepartmentTree.descendant_id.in_(set(ids)))
    found: dict[int, Path] = {}
    for descendant, name, parent in session.execute(names).all():
        found[descendant] = (*found.get(descendant, ()), *(() if parent is None else (name,)))
    return found


def paths_in(session: Session, scope: Scope) -> dict[int, Path]:
    """Give the paths of the departments that the scope reaches, the root's included where it does."""
    ids = session.scalars(select(Department.id).where(within(scope, Department.id.expression))).all()
    return paths(session, None if scope.everywhere else ids)
