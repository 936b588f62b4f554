"""Queries on which profiles and departments have a roster, and on the profiles that lead to one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.rosters import RosterOf
from core.storage.departments import within
from core.storage.profiles import editable_by, running
from core.storage.roster_doors import only_expected_above
from core.storage.tables import DepartmentTree, ExpectedPerson, Profile

_EXPECTING = exists().where(ExpectedPerson.profile_id == Profile.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expecting:
    """Whether a profile has a roster, and whether one, its own or that of a department above, lets in nobody else."""

    has_roster: bool
    is_closed: bool


def newest(session: Session, scope: Scope) -> list[RosterOf]:
    """List the rosters of the scope's departments and of their profiles, those that people were added to last first."""
    profiles = select(Profile.id).where(Profile.removed_at.is_(None), editable_by(scope))
    found = select(ExpectedPerson.profile_id, ExpectedPerson.department_id).where(
        or_(ExpectedPerson.profile_id.in_(profiles), _within(scope))
    )
    newest_first = found.group_by(ExpectedPerson.profile_id, ExpectedPerson.department_id).order_by(
        func.max(ExpectedPerson.id).desc()
    )
    return [
        RosterOf(profile_id=profile, department_id=department) for profile, department in session.execute(newest_first)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """Where a roster is: in a department, its own or its profile's, whose window is over at `ends_at` (UTC)."""

    department_id: int
    ends_at: datetime | None = None


def kept(session: Session, scope: Scope) -> dict[RosterOf, Home]:
    """Return the rosters of the scope's departments and of their profiles, also of those that have ended."""
    query = select(Profile.id, Profile.department_id, Profile.ends_at).where(
        Profile.removed_at.is_(None), editable_by(scope), _EXPECTING
    )
    found = {
        RosterOf(profile_id=number): Home(department_id=department, ends_at=at)
        for number, department, at in session.execute(query)
    }
    return found | {
        RosterOf(department_id=number): Home(department_id=number)
        for number in session.scalars(_departments(_within(scope)))
        if number
    }


def editable_among(session: Session, scope: Scope, profile_ids: Iterable[int]) -> dict[int, Expecting]:
    """Return those of the profiles that belong to a department of the scope now, and what each expects."""
    is_closed = or_(Profile.only_expected, only_expected_above(Profile.department_id.expression))
    query = select(Profile.id, _EXPECTING, is_closed).where(Profile.id.in_(set(profile_ids)), editable_by(scope))
    return {
        number: Expecting(has_roster=has_roster, is_closed=is_closed)
        for number, has_roster, is_closed in session.execute(query)
    }


def in_branch(session: Session, department_id: int) -> list[RosterOf]:
    """List the rosters of a department, of those below it, and of their profiles."""
    found = branch(department_id)
    profiles = select(Profile.id).where(Profile.department_id.in_(found), Profile.removed_at.is_(None), _EXPECTING)
    departments = _departments(ExpectedPerson.department_id.in_(found))
    return [
        *(RosterOf(profile_id=number) for number in session.scalars(profiles)),
        *(RosterOf(department_id=number) for number in session.scalars(departments)),
    ]


def open_in_branch(session: Session, department_id: int, now: datetime, *, offset: int, at_most: int) -> list[Profile]:
    """List the open profiles of a department and those below it from `offset` on, the latest end first."""
    query = select(Profile).where(Profile.department_id.in_(branch(department_id)), *running(now))
    return list(session.scalars(query.order_by(Profile.ends_at.desc(), Profile.id).offset(offset).limit(at_most)))


def leading_to(of: RosterOf) -> Select[int]:
    """Select the numbers of a roster's own profile, or of those that lead into its department or below it."""
    if of.department_id is None:
        return select(Profile.id).where(Profile.id == of.profile_id)
    return select(Profile.id).where(Profile.department_id.in_(branch(of.department_id)))


def branch(department_id: int) -> Select[int]:
    """Select the numbers of a department and of all below it."""
    return select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)


def _within(scope: Scope) -> ColumnElement[bool]:
    return and_(ExpectedPerson.department_id.is_not(None), within(scope, ExpectedPerson.department_id.expression))


def _departments(where: ColumnElement[bool]) -> Select[int | None]:
    return select(ExpectedPerson.department_id).where(where).distinct()
