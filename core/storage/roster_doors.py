"""Whom rosters let in, where only their people may sign up: those of the profile, its department and all above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from core.storage.tables import Department, DepartmentTree, ExpectedPerson, ExpectedValue, Profile, table_of


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Who lets in nobody but the people of their roster: the profile, or its department or one above it."""

    own: bool
    above: bool


_DEPARTMENT, _TREE = table_of(Department), table_of(DepartmentTree)


def only_expected_above(department_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the SQL condition that a department, or one above it, lets in nobody but the people of its roster."""
    return (
        exists()
        .where(
            _TREE.c.descendant_id == department_id,
            _TREE.c.ancestor_id == _DEPARTMENT.c.id,
            _DEPARTMENT.c.only_expected,
        )
        .correlate_except(_TREE, _DEPARTMENT)
    )


def closed(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return those of the departments that let in nobody but the people of their roster: number -> name."""
    query = select(Department.id, Department.name).where(Department.id.in_(list(ids)), Department.only_expected)
    return dict(iter(session.execute(query.order_by(Department.id))))


def is_turned_away(session: Session, profile_id: int, email: str, phone: str, values: Mapping[int, str]) -> bool:
    """Return whether a roster that lets in nobody but its people doesn't name who has this address, phone or values.

    One of a profile's department, or of one above it, is asked as the profile's own is: each has to name them.
    """
    same = _same(email, phone, values)
    on_its_list = exists().where(ExpectedPerson.profile_id == Profile.id, same)
    on_list_above = exists().where(ExpectedPerson.department_id == Department.id, same)
    above = select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == Profile.department_id)
    closed_above = exists().where(Department.id.in_(above.correlate(Profile)), Department.only_expected, ~on_list_above)
    closed = (Profile.only_expected & ~on_its_list) | closed_above
    return session.scalars(select(Profile.id).where(Profile.id == profile_id, closed)).one_or_none() is not None


def _same(email: str, phone: str, values: Mapping[int, str]) -> ColumnElement[bool]:
    same = [ExpectedPerson.email == email, *([ExpectedPerson.phone == phone] if phone else [])]
    for field_id, key in values.items():
        holders = select(ExpectedValue.person_id).where(
            ExpectedValue.field_id == field_id, ExpectedValue.unique_key == key
        )
        same.append(ExpectedPerson.id.in_(holders))
    return or_(*same)
