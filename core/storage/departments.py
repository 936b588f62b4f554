"""Queries on the tree of departments. Removed ones keep their place in it, for histories, but can't be found."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, aliased

from core.domain.access import Scope, UserState
from core.domain.text import key
from core.storage import left_branches
from core.storage.tables import (
    Department,
    DepartmentTree,
    EnrolmentRule,
    Invitation,
    InvitedDepartment,
    ManagedDepartment,
    User,
)

Path = tuple[str, ...]


def root_id(session: Session) -> int:
    """Return the root's number."""
    return session.scalars(select(Department.id).where(Department.parent_id.is_(None))).one()


def child_id(session: Session, parent_id: int, name: str) -> int | None:
    """Find a department by its parent and its name, ignoring case."""
    return session.scalars(
        select(Department.id).where(
            Department.parent_id == parent_id,
            Department.name_key == key(name),
            Department.removed_at.is_(None),
        )
    ).one_or_none()


def by_path(session: Session, path: Path) -> int | None:
    """Find a department by the names on its path (empty: the root), ignoring case."""
    found: int | None = root_id(session)
    for name in path:
        if found is not None:
            found = child_id(session, found, name)
    return found


def called(session: Session, scope: Scope, name: str) -> list[int]:
    """Return the numbers of the departments within the scope that have this name, ignoring case; without the root."""
    query = select(Department.id).where(
        Department.name_key == key(name),
        Department.parent_id.is_not(None),
        Department.removed_at.is_(None),
        within(scope, Department.id.expression),
    )
    return list(session.scalars(query.order_by(Department.id)))


def exists(session: Session, department_id: int) -> bool:
    """Return whether the department exists and has not been removed."""
    query = select(Department.id).where(Department.id == department_id, Department.removed_at.is_(None))
    return session.scalars(query).one_or_none() is not None


def lock_tree(session: Session) -> None:
    """Lock the tree against other changes until the end of the transaction, by locking the root's row."""
    root = select(Department.id).where(Department.parent_id.is_(None))
    session.scalars(root.with_for_update(key_share=True)).one()


def lock(session: Session, department_id: int) -> bool:
    """Lock a department against removal until the end of the transaction; return False if it is already removed."""
    query = select(Department.id).where(Department.id == department_id, Department.removed_at.is_(None))
    return session.scalars(query.with_for_update(read=True, key_share=True)).one_or_none() is not None


def load(session: Session, department_id: int) -> Department:
    """Return a department's row, refreshed."""
    return session.get_one(Department, department_id, populate_existing=True)


def add(session: Session, parent_id: int, name: str) -> int:
    """Add a department below another one. Violates uq_department_parent_id_name_key if it exists."""
    department = Department(parent_id=parent_id, name=name, name_key=key(name))
    session.add(department)
    session.flush()
    session.add(DepartmentTree(ancestor_id=department.id, descendant_id=department.id, depth=0))
    session.flush()
    _attach(session, department.id, parent_id)
    return department.id


def move(session: Session, department_id: int, parent_id: int) -> None:
    """Move a department and its subtree below another one, which must not be in that subtree."""
    left_branches.remember(session, department_id, parent_id)
    below = _below(department_id)
    session.execute(
        delete(DepartmentTree).where(DepartmentTree.descendant_id.in_(below), DepartmentTree.ancestor_id.not_in(below))
    )
    _attach(session, department_id, parent_id)
    load(session, department_id).parent_id = parent_id
    session.flush()


def is_below(session: Session, department_id: int, ancestor_id: int) -> bool:
    """Return whether a department is `ancestor_id` or below it."""
    return session.get(DepartmentTree, (ancestor_id, department_id), populate_existing=True) is not None


def branch(session: Session, department_id: int) -> list[int]:
    """Return the numbers of a department and those below it, without removed ones."""
    return list(session.scalars(_active_branch(department_id)))


def lock_branch(session: Session, department_id: int) -> list[int]:
    """Lock a department and those below it, so that no user can join them meanwhile; return their numbers."""
    return list(session.scalars(_active_branch(department_id).with_for_update()))


def remove(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Mark departments as removed; delete their enrolment rules, managers and invitations to manage them."""
    numbers = list(ids)
    session.execute(update(Department).where(Department.id.in_(numbers)).values(removed_at=now))
    for table in (EnrolmentRule, ManagedDepartment, InvitedDepartment):
        session.execute(delete(table).where(table.department_id.in_(numbers)))


def count_invitations(session: Session, ids: Iterable[int], now: datetime) -> int:
    """Count the open invitations to manage one of these departments."""
    query = (
        select(func.count(distinct(Invitation.id)))
        .join(InvitedDepartment, InvitedDepartment.invitation_id == Invitation.id)
        .where(
            InvitedDepartment.department_id.in_(list(ids)), Invitation.used_at.is_(None), Invitation.expires_at > now
        )
    )
    return session.scalars(query).one()


def managers_other_than(session: Session, department_id: int, user_id: int) -> Sequence[Row[int, str, str]]:
    """List the other users who manage a department of the subtree: department number, first name, last name."""
    query = (
        select(ManagedDepartment.department_id, User.first_name, User.last_name)
        .join(User, User.id == ManagedDepartment.user_id)
        .where(ManagedDepartment.department_id.in_(_below(department_id)), ManagedDepartment.user_id != user_id)
        .order_by(ManagedDepartment.department_id, User.id)
    )
    return session.execute(query).all()


def above(session: Session, department_id: int) -> list[int]:
    """Return the numbers of a department and all above it."""
    return list(
        session.scalars(select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == department_id))
    )


def managers_of(session: Session, ids: Iterable[int], scope: Scope) -> dict[int, str]:
    """Return the active managers of those of the departments that are within a scope: user number -> name."""
    managed = ManagedDepartment.department_id
    query = (
        select(User.id, User.first_name, User.last_name)
        .join(ManagedDepartment, ManagedDepartment.user_id == User.id)
        .where(managed.in_(set(ids)), within(scope, managed.expression), User.state == UserState.ACTIVE)
        .order_by(User.id)
    )
    return {number: f"{first} {last}".strip() for number, first, last in session.execute(query)}


def within(scope: Scope, department_id: ColumnElement[int] | ColumnElement[int | None]) -> ColumnElement[bool]:
    """Return the SQL condition that a department is within the scope."""
    if scope.everywhere:
        return true()
    return department_id.in_(ids_in_scope(scope))


def ids_in_scope(scope: Scope) -> Select[int]:
    """Return a query for the departments of a scope that is not account-wide."""
    return select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id.in_(scope.managed))


def within_scope(session: Session, scope: Scope, ids: Iterable[int]) -> set[int]:
    """Return those of the departments that are within the scope."""
    numbers = set(ids)
    if scope.everywhere:
        return numbers
    query = ids_in_scope(scope).where(DepartmentTree.descendant_id.in_(numbers)).distinct()
    return set(session.scalars(query))


def paths(session: Session, ids: Iterable[int] | None = None) -> dict[int, Path]:
    """Return the paths of the departments (None: of all, also removed ones) by number. The root's is empty."""
    session.flush()  # they may have been changed
    query, sought = (_ALL_NAMES, {}) if ids is None else (_NAMES, {"departments": [*ids]})
    found: dict[int, Path] = {}
    for descendant, name, parent in session.connection().execute(query, sought).all():
        found[descendant] = (*found.get(descendant, ()), *(() if parent is None else (name,)))
    return found


def path(session: Session, department_id: int) -> Path:
    """Return a department's path: the names from below the root down to it."""
    return paths(session, [department_id])[department_id]


def paths_in(session: Session, scope: Scope) -> dict[int, Path]:
    """Return the paths of the departments within the scope, without removed ones, by number."""
    rows = session.execute(_names_in(scope).where(Department.removed_at.is_(None))).all()
    return _joined(session, rows)


def tree_in(session: Session, scope: Scope) -> dict[int, tuple[int | None, Path]]:
    """Return the parents (None for the root) and the paths of the departments within the scope, also removed ones."""
    rows = session.execute(_names_in(scope)).all()
    paths = _joined(session, rows)
    return {number: (parent, paths[number]) for number, parent, _ in rows}


def count(session: Session) -> int:
    """Count the departments, including the root, without removed ones."""
    query = select(func.count()).select_from(Department).where(Department.removed_at.is_(None))
    return session.scalars(query).one()


def count_in(session: Session, scope: Scope) -> int:
    """Count the departments within the scope, without the root and without removed ones."""
    kept = Department.removed_at.is_(None), Department.parent_id.is_not(None)
    query = select(func.count()).select_from(Department).where(*kept, within(scope, Department.id.expression))
    return session.scalars(query).one()


def _below(department_id: int) -> Select[int]:
    """Return a query for a department and all below it, including removed ones."""
    return select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)


def _active_branch(department_id: int) -> Select[int]:
    query = select(Department.id).where(Department.id.in_(_below(department_id)), Department.removed_at.is_(None))
    return query.order_by(Department.id)


def _names_in(scope: Scope) -> Select[int, int | None, str]:
    query = select(Department.id, Department.parent_id, Department.name)
    return query.where(within(scope, Department.id.expression))


def _joined(session: Session, rows: Sequence[Row[int, int | None, str]]) -> dict[int, Path]:
    """Return the paths of departments, put together from their names: only those of the topmost ones are read."""
    numbers = {number for number, _, _ in rows}
    below: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, parent, name in rows:
        if parent is not None:
            below[parent].append((number, name))
    tops = {number for number, parent, _ in rows if parent is None} | (below.keys() - numbers)
    found = paths(session, tops)
    waiting = list(found)
    while waiting:
        parent = waiting.pop()
        for number, name in below.get(parent, ()):
            found[number] = (*found[parent], name)
            waiting.append(number)
    return {number: path for number, path in found.items() if number in numbers}


def _attach(session: Session, department_id: int, parent_id: int) -> None:
    """Add the tree rows that connect a subtree to a parent and everything above it."""
    above, below = aliased(DepartmentTree), aliased(DepartmentTree)
    rows = (
        select(above.ancestor_id, below.descendant_id, above.depth + below.depth + literal(1))
        .join_from(above, below, true())  # a cross join
        .where(above.descendant_id == parent_id, below.ancestor_id == department_id)
    )
    session.execute(insert(DepartmentTree).from_select(["ancestor_id", "descendant_id", "depth"], rows))


_ALL_NAMES = (
    select(DepartmentTree.descendant_id, Department.name, Department.parent_id)
    .join(Department, Department.id == DepartmentTree.ancestor_id)
    .order_by(DepartmentTree.descendant_id, DepartmentTree.depth.desc())
)
_NAMES = _ALL_NAMES.where(DepartmentTree.descendant_id.in_(bindparam("departments", expanding=True)))
