"""Queries on sign-up profiles and their links."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Select,
    bindparam,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from core.domain.access import Scope
from core.domain.links import LinkFacts
from core.storage.departments import ids_in_scope, within
from core.storage.kept_places import kept_places
from core.storage.roster_doors import Doors, only_expected_above
from core.storage.tables import Account, DepartmentTree, Link, Moment, Profile, ProfileDepartment, table_of


def facts(profile: Profile, *, sign_up_enabled: bool, link: Link | None = None) -> LinkFacts:
    """Return the facts that decide whether a link of the profile is open."""
    return LinkFacts(
        sign_up_enabled=sign_up_enabled,
        paused=profile.paused,
        removed=profile.removed_at is not None,
        replaced=link is not None and link.replaced_at is not None,
        personal=link is not None and link.personal,
        spent=link is not None and link.used_at is not None,
        window=profile.window,
        limit=profile.activation_limit,
        used=profile.used + profile.reserved,
    )


def readable(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that belongs, or once belonged, to a department of the scope."""
    query = select(Profile).where(Profile.id == profile_id, *readable_by(scope))
    return session.scalars(query).one_or_none()


def is_known(session: Session, scope: Scope, profile_id: int) -> bool:
    """Return whether a profile, even if removed, belongs or once belonged to a department of the scope."""
    return (
        session.scalars(select(Profile.id).where(Profile.id == profile_id, recorded_in(scope))).one_or_none()
        is not None
    )


def editable(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that belongs to a department of the scope."""
    return session.scalars(_editable(scope, profile_id)).one_or_none()


def find_for_update(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that belongs to a department of the scope, and lock it until the end of the transaction."""
    return session.scalars(_locking(_editable(scope, profile_id))).one_or_none()


def lock(session: Session, profile_id: int) -> Profile:
    """Return a profile, even if removed, locked until the end of the transaction."""
    return session.scalars(_locking(select(Profile).where(Profile.id == profile_id))).one()


def in_departments(session: Session, department_ids: Iterable[int]) -> list[Profile]:
    """List the profiles of these departments."""
    return list(session.scalars(_in_departments(department_ids)))


def count_in_branch(session: Session, department_id: int) -> int:
    """Count the profiles of a department and those below it."""
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    query = select(func.count()).select_from(Profile)
    return session.scalars(query.where(Profile.department_id.in_(branch), Profile.removed_at.is_(None))).one()


def lock_in_departments(session: Session, department_ids: Iterable[int]) -> list[Profile]:
    """Lock and list the profiles of these departments."""
    return list(session.scalars(_locking(_in_departments(department_ids))))


def unended(session: Session, now: datetime) -> list[Profile]:
    """List the profiles whose window is not over."""
    return list(session.scalars(_unended(now)))


def lock_unended(session: Session, now: datetime) -> list[Profile]:
    """Lock and list the profiles whose window is not over."""
    return list(session.scalars(_locking(_unended(now))))


def by_numbers(session: Session, ids: Iterable[int]) -> list[Profile]:
    """List the profiles with these numbers, sorted by name."""
    query = select(Profile).where(Profile.id.in_(set(ids))).order_by(Profile.name_key, Profile.id)
    return list(session.scalars(query))


def editable_among(session: Session, scope: Scope, ids: Iterable[int]) -> set[int]:
    """Return the numbers of those profiles that belong to a department of the scope now."""
    if scope.everywhere:
        return set(ids)
    return set(session.scalars(select(Profile.id).where(Profile.id.in_(set(ids)), editable_by(scope))))


def recorded_among(session: Session, scope: Scope, ids: Iterable[int]) -> set[int]:
    """Return the numbers of those profiles, removed or not, that belong or once belonged to the scope."""
    return set(session.scalars(select(Profile.id).where(Profile.id.in_(set(ids)), recorded_in(scope))))


def take(
    session: Session, profile_id: int, department_id: int, now: datetime, *, doors: Doors, seats_limited: bool
) -> tuple[int, int] | None:
    """Take a place if the profile is open now; return how many are used and reserved then, else None.

    The profile must still have the department that it had when read, and let in whom it let in then, as that department
    and those above it must, and the account must still limit its seats, or not. A single conditional UPDATE, so the
    limit holds under any concurrency (with the table's constraint as a second guard).
    """
    sought = _sought(profile_id, department_id, now, doors)
    return _placed(session, _TAKE, {**sought, "seats_limited": seats_limited})


def reserve(
    session: Session, profile_id: int, department_id: int, now: datetime, *, doors: Doors, most: int
) -> tuple[int, int] | None:
    """Reserve a place, as `take` does, while fewer than `most` are reserved for people who wait."""
    sought = _sought(profile_id, department_id, now, doors)
    return _placed(session, _RESERVE, {**sought, "most": most})


def add_to_counters(session: Session, profile_id: int, *, used: int = 0, reserved: int = 0) -> None:
    """Add to the counters of a profile, which must be locked."""
    counted = {Profile.used: Profile.used + used, Profile.reserved: Profile.reserved + reserved}
    session.execute(
        update(Profile).where(Profile.id == profile_id).values(counted).execution_options(synchronize_session=False)
    )


def set_department(session: Session, profile: Profile, department_id: int) -> None:
    """Set a profile's department; managers of its earlier departments can still read it."""
    profile.department_id = department_id
    session.flush()
    session.merge(ProfileDepartment(profile_id=profile.id, department_id=department_id))


def recorded_departments(session: Session, scope: Scope) -> list[tuple[int, int]]:
    """Return which profiles belong or once belonged to which departments of the scope: the numbers of both."""
    query = select(ProfileDepartment.profile_id, ProfileDepartment.department_id).where(
        within(scope, ProfileDepartment.department_id.expression)
    )
    return [(profile_id, department_id) for profile_id, department_id in session.execute(query)]


def count_by_profile(
    session: Session, profile_id: ColumnElement[int], *wanted: ColumnElement[bool]
) -> list[tuple[int, int, int]]:
    """Count rows of the table that has this column by profile: profiles, their departments, counts."""
    query = select(Profile.id, Profile.department_id, func.count()).where(Profile.id == profile_id, *wanted)
    found = session.execute(query.group_by(Profile.id, Profile.department_id))
    return [(number, department_id, count) for number, department_id, count in found]


def readable_by(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions that a profile is not removed, and belongs or once belonged to the scope."""
    return Profile.removed_at.is_(None), recorded_in(scope)


def editable_by(scope: Scope) -> ColumnElement[bool]:
    """Return the SQL condition that a profile belongs to a department of the scope."""
    return within(scope, Profile.department_id.expression)


def recorded_in(scope: Scope) -> ColumnElement[bool]:
    """Return the SQL condition that a profile, removed or not, belongs or once belonged to the scope."""
    if scope.everywhere:
        return true()
    pointed = select(ProfileDepartment.profile_id).where(ProfileDepartment.department_id.in_(ids_in_scope(scope)))
    return Profile.id.in_(pointed)


def running(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """Return `link_state`'s rules for the profile itself as SQL conditions; a test compares the two."""
    return (
        Profile.removed_at.is_(None),
        Profile.paused.is_(False),
        Profile.starts_at <= now,
        Profile.ends_at >= now,
        or_(Profile.activation_limit.is_(None), Profile.used + Profile.reserved < Profile.activation_limit),
    )


def _sought(profile_id: int, department_id: int, now: datetime, doors: Doors) -> dict[str, object]:
    of_place = {"profile": profile_id, "department": department_id, "now": now}
    return {**of_place, "expected_only": doors.own, "expected_above": doors.above}


def _placed(
    session: Session, statement: ReturningUpdate[int, int], sought: Mapping[str, object]
) -> tuple[int, int] | None:
    row = session.connection().execute(statement, sought).one_or_none()
    return None if row is None else (row[0], row[1])


def _editable(scope: Scope, profile_id: int) -> Select[Profile]:
    return select(Profile).where(Profile.id == profile_id, Profile.removed_at.is_(None), editable_by(scope))


def _in_departments(department_ids: Iterable[int]) -> Select[Profile]:
    query = select(Profile).where(Profile.department_id.in_(list(department_ids)), Profile.removed_at.is_(None))
    return query.order_by(Profile.id)


def _unended(now: datetime) -> Select[Profile]:
    return select(Profile).where(Profile.removed_at.is_(None), Profile.ends_at >= now).order_by(Profile.id)


def _locking(query: Select[Profile]) -> Select[Profile]:
    return query.with_for_update().execution_options(populate_existing=True)


_PROFILE = table_of(Profile)
_OPEN = (
    update(_PROFILE)
    .where(
        Profile.id == bindparam("profile"),
        Profile.department_id == bindparam("department"),
        Profile.only_expected == bindparam("expected_only"),
        only_expected_above(_PROFILE.c.department_id) == bindparam("expected_above", type_=Boolean()),
        select(Account.sign_up_enabled).scalar_subquery(),
        *running(bindparam("now", type_=Moment())),
    )
    .returning(_PROFILE.c.used, _PROFILE.c.reserved)
)
_IS_LIMITED = select(Account.seats.is_not(None)).scalar_subquery()
_TAKE = _OPEN.where(bindparam("seats_limited", type_=Boolean()) == _IS_LIMITED).values(used=_PROFILE.c.used + 1)
_RESERVE = _OPEN.where(Profile.reserved - kept_places() < bindparam("most")).values(reserved=_PROFILE.c.reserved + 1)
