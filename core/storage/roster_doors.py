"""Whom rosters let in, where only their people may sign up: those of the profile, its department and all above it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, CompoundSelect, Select, distinct, exists, func, null, or_, select, union_all
from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.storage.roster_keys import has_own_phone, is_own_value
from core.storage.roster_matches import came, listed
from core.storage.tables import Department, DepartmentTree, ExpectedPerson, ExpectedValue, Profile, table_of

CHUNK = 500  # addresses of a statement


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
    closed = _closed([profile_id]).subquery()
    its_entry = or_(
        ExpectedPerson.profile_id == closed.c.profile_id, ExpectedPerson.department_id == closed.c.department_id
    )
    naming = exists().where(its_entry, _same(email, phone, values)).correlate(closed)
    return session.execute(select(closed.c.through).where(~naming).limit(1)).one_or_none() is not None


def turned_away(
    session: Session,
    wanted: Mapping[int, Collection[str]],
    on: Mapping[RosterOf, Collection[str]] = MappingProxyType({}),
) -> dict[int, set[str]]:
    """Return by profile which of the addresses wanted there would be turned away as `is_turned_away` says, if any.

    Rosters aren't asked about those that are known to be `on` them. Whoever is known by something else than an address
    may be meant by an entry without one: then nobody is turned away.
    """
    found = _turning_away(session, wanted, on)
    return {number: set[str]().union(*refused.values()) for number, refused in found.items()}


def turning_away(session: Session, profile_id: int, emails: Collection[str]) -> dict[RosterOf, set[str]]:
    """Return which rosters turn away which of the addresses that come by a profile."""
    return _turning_away(session, {profile_id: emails}, {}).get(profile_id, {})


def let_in_somebody(session: Session, closing: Collection[RosterOf], *, besides: int | None = None) -> bool:
    """Return whether somebody may be named by all of these rosters who has come to none of them.

    Those are a profile's or department's own, and departments' above it. Rosters name people by their addresses; an
    entry without one may mean anybody. `besides`: without the entry that has this number.
    """
    left = _left(closing, besides).cte("left_over")
    vague = select(left.c.roster).where(left.c.email.is_(None))
    may_name_anybody = select(func.count(distinct(vague.subquery().c.roster))).scalar_subquery()
    named_by_others = (
        select(left.c.email)
        .where(left.c.roster.not_in(vague))
        .group_by(left.c.email)
        .having(func.count(distinct(left.c.roster)) + may_name_anybody == len(closing))
    )
    return bool(session.scalar(select(or_(named_by_others.exists(), may_name_anybody == len(closing)))))


def _left(closing: Collection[RosterOf], besides: int | None) -> Select[int, str | None]:
    """Select the addresses of those on rosters who haven't come to them; the `roster` of a profile is 0."""
    query = select(func.coalesce(ExpectedPerson.department_id, 0).label("roster"), ExpectedPerson.email)
    query = query.where(listed(closing), ExpectedPerson.id.not_in(came(closing)))
    return query if besides is None else query.where(ExpectedPerson.id != besides)


def closed_above(session: Session, of: RosterOf) -> list[int]:
    """List the departments above a roster's department or profile that let in nobody but the people of their roster."""
    query = (
        select(DepartmentTree.ancestor_id)
        .join(Department, Department.id == DepartmentTree.ancestor_id)
        .where(Department.only_expected, Department.id.is_distinct_from(of.department_id))
        .order_by(Department.id)
    )
    if of.profile_id is None:
        return list(session.scalars(query.where(DepartmentTree.descendant_id == of.department_id)))
    leading = query.join(Profile, Profile.department_id == DepartmentTree.descendant_id)
    return list(session.scalars(leading.where(Profile.id == of.profile_id)))


def is_any_below_closed(session: Session, department_id: int) -> bool:
    """Return whether a profile of a department or below it, or a department below it, lets in only its own people."""
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    profiles = exists().where(Profile.only_expected, Profile.removed_at.is_(None), Profile.department_id.in_(branch))
    departments = exists().where(
        Department.only_expected,
        Department.removed_at.is_(None),
        Department.id != department_id,
        Department.id.in_(branch),
    )
    return bool(session.scalar(select(or_(profiles, departments))))


def _turning_away(
    session: Session, wanted: Mapping[int, Collection[str]], on: Mapping[RosterOf, Collection[str]]
) -> dict[int, dict[RosterOf, set[str]]]:
    asked = dict[tuple[int, RosterOf], set[str]]()
    for through, profile_id, department_id in session.execute(_closed(list(wanted))):
        of = RosterOf(profile_id=profile_id, department_id=department_id)
        asked[through, of] = set(wanted[through]).difference(on.get(of, ()))
    rosters = {of for (_, of), emails in asked.items() if emails}
    named = _named(session, rosters - _without_address(session, rosters), set[str]().union(*asked.values()))
    found = dict[int, dict[RosterOf, set[str]]]()
    for (through, of), emails in asked.items():
        if unnamed := emails.difference(named.get(of, emails)):  # rosters that may mean anybody aren't among the named
            found.setdefault(through, {})[of] = unnamed
    return found


def _closed(profile_ids: Sequence[int]) -> CompoundSelect[int, int | None, int | None]:
    """Select the rosters that have to name who comes `through` profiles: their own, and those of departments above."""
    own = select(Profile.id.label("through"), Profile.id.label("profile_id"), null().label("department_id")).where(
        Profile.id.in_(profile_ids), Profile.only_expected
    )
    above = (
        select(Profile.id, null(), Department.id)
        .join(DepartmentTree, DepartmentTree.descendant_id == Profile.department_id)
        .join(Department, Department.id == DepartmentTree.ancestor_id)
        .where(Profile.id.in_(profile_ids), Department.only_expected)
    )
    return union_all(own, above)


def _without_address(session: Session, rosters: Collection[RosterOf]) -> set[RosterOf]:
    """Return those of the rosters that have an entry without an address, which may mean anybody."""
    if not rosters:
        return set()
    query = select(ExpectedPerson.profile_id, ExpectedPerson.department_id).where(
        listed(rosters), ExpectedPerson.email.is_(None)
    )
    found = session.execute(query.distinct())
    return {RosterOf(profile_id=profile_id, department_id=department_id) for profile_id, department_id in found}


def _named(session: Session, rosters: Collection[RosterOf], emails: Collection[str]) -> dict[RosterOf, set[str]]:
    """Return which of the addresses each of the rosters names."""
    named, chosen = {of: set[str]() for of in rosters}, sorted(emails) if rosters else []
    columns = ExpectedPerson.profile_id, ExpectedPerson.department_id, ExpectedPerson.email
    for start in range(0, len(chosen), CHUNK):
        chunk = ExpectedPerson.email.in_(chosen[start : start + CHUNK])
        for profile_id, department_id, email in session.execute(select(*columns).where(listed(rosters), chunk)):
            named[RosterOf(profile_id=profile_id, department_id=department_id)].add(email or "")
    return named


def _same(email: str, phone: str, values: Mapping[int, str]) -> ColumnElement[bool]:
    same = [ExpectedPerson.email == email]
    if phone:
        same.append((ExpectedPerson.phone == phone) & has_own_phone())
    for field_id, key in values.items():
        holders = select(ExpectedValue.person_id).where(
            ExpectedValue.field_id == field_id, ExpectedValue.unique_key == key, is_own_value()
        )
        same.append(ExpectedPerson.id.in_(holders))
    return or_(*same)
