"""Whom several rosters expect: a department's list, and one further down, which says more about where they are to come.

Who comes to a profile below a department comes to the department, too. So such a person is counted once, by the list
that is further down, and is missing as long as that misses them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased

from core.storage.tables import DepartmentTree, ExpectedPerson, Profile


def expected_below(counting: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the SQL condition that an entry of a department names somebody whom a list further down expects, too.

    `counting`: which profiles' lists count, of those that are not removed.
    """
    other = aliased(ExpectedPerson)
    place = func.coalesce(Profile.department_id, other.department_id)
    further_down = or_(
        Profile.removed_at.is_(None) & other.profile_id.is_not(None) & counting,
        other.department_id != ExpectedPerson.department_id,
    )
    found = (
        select(other.id)
        .outerjoin(Profile, Profile.id == other.profile_id)
        .join(DepartmentTree, DepartmentTree.descendant_id == place)
        .where(
            other.identity == ExpectedPerson.identity,
            DepartmentTree.ancestor_id == ExpectedPerson.department_id,
            further_down,
        )
    )
    return ExpectedPerson.department_id.is_not(None) & found.correlate(ExpectedPerson).exists()


def unended(now: datetime) -> ColumnElement[bool]:
    """Return the same condition, of profiles whose window is not over."""
    return expected_below(Profile.ends_at >= now)


EVER = expected_below(true())
