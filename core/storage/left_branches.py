"""Which departments were below another one when people signed up there: these have come to both, wherever they are now.

A row is kept for each pair that a move has parted, as long as it is apart, with the newest sign-up of before.
"""

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.storage.tables import Activation, DepartmentTree, LeftBranch


def remember(session: Session, department_id: int) -> None:
    """Keep who signed up in a locked department and below it, for all that are above it, before it is moved."""
    moving = _branch(department_id)
    rows = (
        select(DepartmentTree.ancestor_id, DepartmentTree.descendant_id, func.max(Activation.id))
        .join(Activation, Activation.department_id == DepartmentTree.descendant_id)
        .where(DepartmentTree.descendant_id.in_(moving), DepartmentTree.ancestor_id.not_in(moving))
        .group_by(DepartmentTree.ancestor_id, DepartmentTree.descendant_id)
    )
    session.execute(insert(LeftBranch).from_select(["ancestor_id", "descendant_id", "through"], rows))


def forget_reunited(session: Session, department_id: int) -> None:
    """Delete what was kept of a department and those below it, for all that are above it again or still."""
    above = exists().where(
        DepartmentTree.ancestor_id == LeftBranch.ancestor_id, DepartmentTree.descendant_id == LeftBranch.descendant_id
    )
    session.execute(delete(LeftBranch).where(LeftBranch.descendant_id.in_(_branch(department_id)), above))


def signed_up_below(ancestor_id: int | InstrumentedAttribute[int | None] | None) -> ColumnElement[bool]:
    """Return the SQL condition that an activation's department was below another one then, and is no longer."""
    return exists().where(
        LeftBranch.ancestor_id == ancestor_id,
        LeftBranch.descendant_id == Activation.department_id,
        LeftBranch.through >= Activation.id,
    )


def above_then(session: Session, department_id: int, activation_id: int) -> list[int]:
    """List the departments that were above one when somebody signed up there by this activation, and are no longer."""
    then = LeftBranch.descendant_id == department_id, LeftBranch.through >= activation_id
    return list(session.scalars(select(LeftBranch.ancestor_id).where(*then)))


def _branch(department_id: int) -> Select[int]:
    return select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
