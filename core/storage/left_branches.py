"""Which departments were below another one when people signed up there: these have come to both, wherever they are now.

A row is kept for each time that a department was below another one, but for those that began with the department and
go on. While it is below it still, the row only says after which sign-up that began; then, also with which it ended.
"""

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.storage.tables import Activation, DepartmentTree, LeftBranch

COLUMNS = ("ancestor_id", "descendant_id", "since", "through")


def remember(session: Session, department_id: int, parent_id: int) -> None:
    """Keep who signed up in a locked department and below it, for all that it leaves, before it is moved to a parent.

    For all that it comes below, keep who signed up there before.
    """
    _leave(session, department_id, parent_id)
    above, below = aliased(DepartmentTree), aliased(DepartmentTree)
    known = exists().where(
        DepartmentTree.ancestor_id == above.ancestor_id, DepartmentTree.descendant_id == below.descendant_id
    )
    coming = (
        select(above.ancestor_id, below.descendant_id, _newest(below.descendant_id), null())
        .join_from(above, below, true())  # a cross join
        .where(above.descendant_id == parent_id, below.ancestor_id == department_id, ~known)
    )
    session.execute(insert(LeftBranch).from_select(COLUMNS, coming))


def _leave(session: Session, department_id: int, parent_id: int) -> None:
    moving = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    staying = select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == parent_id)

    def parted(pair: type[DepartmentTree | LeftBranch]) -> tuple[ColumnElement[bool], ...]:
        return pair.descendant_id.in_(moving), pair.ancestor_id.not_in(moving), pair.ancestor_id.not_in(staying)

    runs = exists().where(
        LeftBranch.ancestor_id == DepartmentTree.ancestor_id,
        LeftBranch.descendant_id == DepartmentTree.descendant_id,
        LeftBranch.through.is_(None),
    )
    newest = _newest(DepartmentTree.descendant_id)
    first = select(DepartmentTree.ancestor_id, DepartmentTree.descendant_id, literal(0), newest)
    session.execute(insert(LeftBranch).from_select(COLUMNS, first.where(*parted(DepartmentTree), ~runs, newest > 0)))
    ending = *parted(LeftBranch), LeftBranch.through.is_(None)
    session.execute(update(LeftBranch).where(*ending).values(through=_newest(LeftBranch.descendant_id)))
    session.execute(delete(LeftBranch).where(*parted(LeftBranch), LeftBranch.through <= LeftBranch.since))


def signed_up_below(ancestor_id: int | InstrumentedAttribute[int | None] | None) -> ColumnElement[bool]:
    """Return the SQL condition that an activation's department was below another one then, and is no longer."""
    return exists().where(
        LeftBranch.ancestor_id == ancestor_id,
        LeftBranch.descendant_id == Activation.department_id,
        LeftBranch.since < Activation.id,
        LeftBranch.through >= Activation.id,
    )


def above_then(session: Session, department_id: int, activation_id: int) -> list[int]:
    """List the departments that were above one when somebody signed up there by this activation, and are no longer."""
    then = LeftBranch.since < activation_id, LeftBranch.through >= activation_id
    query = select(LeftBranch.ancestor_id).where(LeftBranch.descendant_id == department_id, *then)
    return list(session.scalars(query))


def _newest(department_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Return the number of the newest sign-up in a department; 0 if there is none."""
    newest = select(func.coalesce(func.max(Activation.id), 0)).where(Activation.department_id == department_id)
    return newest.scalar_subquery()
