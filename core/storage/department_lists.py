"""Queries on many departments of the tree at once: as many statements as the list has levels, however long it is."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from core.domain.text import key
from core.storage.tables import Department, DepartmentTree


def children(session: Session, parent_ids: Iterable[int]) -> Mapping[tuple[int, str], tuple[int, str]]:
    """Return the departments right below others: (parent's number, key of the name) -> (number, name)."""
    query = select(Department.parent_id, Department.name_key, Department.id, Department.name).where(
        Department.parent_id.in_(set(parent_ids)), Department.removed_at.is_(None)
    )
    rows = session.execute(query)
    return {(parent, name_key): (number, name) for parent, name_key, number, name in rows if parent is not None}


def add(session: Session, new: Sequence[tuple[int, str]]) -> list[int]:
    """Add departments (parent's number, name), and return their numbers in this order.

    Violates uq_department_parent_id_name_key if one exists.
    """
    values = [{"parent_id": parent, "name": name, "name_key": key(name)} for parent, name in new]
    session.execute(insert(Department), values)
    added = children(session, [parent for parent, _ in new])
    numbers = [added[parent, key(name)][0] for parent, name in new]
    own = [{"ancestor_id": number, "descendant_id": number, "depth": 0} for number in numbers]
    session.execute(insert(DepartmentTree), own)
    above = (
        select(DepartmentTree.ancestor_id, Department.id, DepartmentTree.depth + literal(1))
        .join(Department, Department.parent_id == DepartmentTree.descendant_id)
        .where(Department.id.in_(numbers))
    )
    session.execute(insert(DepartmentTree).from_select(["ancestor_id", "descendant_id", "depth"], above))
    return numbers
