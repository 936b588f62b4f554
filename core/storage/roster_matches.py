"""Which expected people came, and by which sign-ups: conditions and queries that all counts of rosters share.

Whether a person came is never stored, but joined with activations, so that sign-ups before the roster count, too. Who
signs up comes to the roster of the profile, and to those of the department into which the profile led then and of all
above it: where the profile leads later, or the learner or the department goes, changes nothing about that.
What several of a roster have (`roster_keys`) matches none of them. Entries of one address are one person: who came to
one list by a phone number, say, which only that list has, came to the others to which the sign-up counts.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, false, literal, or_, select, union
from sqlalchemy.orm import Session, aliased

from core.domain.rosters import RosterOf, departments_among, profiles_among
from core.storage import left_branches
from core.storage.roster_keys import has_own_phone, is_own_value
from core.storage.tables import (
    Activation,
    DepartmentTree,
    ExpectedPerson,
    ExpectedValue,
    FieldValue,
    LinkRecipient,
    User,
)
from core.storage.undone_sign_ups import undone

_ENTRIES = select(
    ExpectedPerson.id.label("person_id"),
    ExpectedPerson.profile_id.label("profile_id"),
    ExpectedPerson.department_id.label("department_id"),
    Activation.id.label("activation_id"),
).select_from(ExpectedPerson)

Matching = tuple[Select[int, int | None, int | None, int], ...]

_OTHER = aliased(ExpectedPerson)  # an entry of the same address on another list


def listed(rosters: Iterable[RosterOf]) -> ColumnElement[bool]:
    """Return the SQL condition that an entry is one of these rosters'."""
    numbers = list(rosters)
    kinds = (
        (ExpectedPerson.profile_id, profiles_among(numbers)),
        (ExpectedPerson.department_id, departments_among(numbers)),
    )
    return or_(false(), *(column.in_(found) for column, found in kinds if found))


def arrived(of: RosterOf) -> ColumnElement[bool]:
    """Return the SQL condition that an activation is a sign-up by which people of a roster come."""
    if of.profile_id is not None:
        return Activation.profile_id == of.profile_id
    below = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == of.department_id)
    return Activation.department_id.in_(below) | left_branches.signed_up_below(of.department_id)


def came(rosters: Iterable[RosterOf]) -> Select[int]:
    """Select the numbers of the rosters' people who came, by sign-ups that weren't undone."""
    matched = matches(rosters).subquery()
    query = select(matched.c.person_id).join(Activation, Activation.id == matched.c.activation_id)
    return query.where(~undone())


def matches(rosters: Iterable[RosterOf]) -> CompoundSelect[int, int | None, int | None, int]:
    """Return which expected person of which roster signed up by which activation, undone or not.

    The columns are `person_id`, `profile_id`, `department_id` and `activation_id`.
    """
    numbers = list(rosters)
    return union(*(each.where(entries) for entries, matching in _kinds(numbers) for each in matching))


def expecting(person: User) -> ColumnElement[bool]:
    """Return the SQL condition that a roster's entry is a person's: by address, phone, unique values, own link."""
    by_link = (
        select(LinkRecipient.email)
        .join(Activation, Activation.link_id == LinkRecipient.link_id)
        .where(Activation.user_id == person.id)
    )
    elsewhere = select(_OTHER.email).where(_OTHER.email.is_not(None), _has_marks_of(person, _OTHER))
    return or_(
        ExpectedPerson.email == person.email,
        _has_marks_of(person, ExpectedPerson),
        ExpectedPerson.email.in_(by_link),
        ExpectedPerson.email.in_(elsewhere),
    )


def _has_marks_of(person: User, entry: type[ExpectedPerson]) -> ColumnElement[bool]:
    by_value = select(ExpectedValue.person_id).join(FieldValue, _same_value()).where(FieldValue.user_id == person.id)
    by_phone = literal(bool(person.phone)) & (entry.phone == person.phone) & has_own_phone(entry)
    return by_phone | entry.id.in_(by_value)


def by_other_marks(
    entries: ColumnElement[bool], sign_ups: ColumnElement[bool]
) -> list[Select[int, int | None, int | None, int]]:
    """Return the queries that match `entries` of any rosters with sign-ups by which they came, but not by address.

    The columns are those of `matches`.
    """
    return [each.where(entries, sign_ups) for each in _by_marks_anywhere()]


def come_to(session: Session, activation: Activation) -> list[RosterOf]:
    """Return the rosters, if they are any, to which people come by a sign-up."""
    department_id = activation.department_id
    above = select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == department_id)
    numbers = {*session.scalars(above), *left_branches.above_then(session, department_id, activation.id)}
    departments = [RosterOf(department_id=number) for number in sorted(numbers)]
    return [RosterOf(profile_id=activation.profile_id), *departments]


def _kinds(numbers: Sequence[RosterOf]) -> list[tuple[ColumnElement[bool], Matching]]:
    """Return which entries are those of profiles and of departments, each with the queries that match them."""
    departments = departments_among(numbers)
    of_departments = ExpectedPerson.department_id.in_(departments), _matching_departments()
    if departments and len(departments) == len(numbers):
        return [of_departments]
    of_profiles = ExpectedPerson.profile_id.in_(profiles_among(numbers)), _matching_profiles()
    return [of_profiles, of_departments] if departments else [of_profiles]


# These name no roster. SQLAlchemy takes longer to put them together than a database to answer them: so they are kept.
@cache
def _matching_profiles() -> Matching:
    return _by_each(Activation.profile_id == ExpectedPerson.profile_id)


@cache
def _matching_departments() -> Matching:
    return _by_each(_led_there(ExpectedPerson))


@cache
def _by_marks_anywhere() -> Matching:
    return _by_marks(_comes_to(ExpectedPerson))


def _comes_to(entry: type[ExpectedPerson]) -> ColumnElement[bool]:
    """Return the SQL condition that people come to an entry's roster by a sign-up."""
    return or_(Activation.profile_id == entry.profile_id, _led_there(entry))


def _led_there(entry: type[ExpectedPerson]) -> ColumnElement[bool]:
    """Return the SQL condition that a profile led into an entry's department, or below it, at the time of a sign-up."""
    leads_there = exists().where(
        DepartmentTree.ancestor_id == entry.department_id,
        DepartmentTree.descendant_id == Activation.department_id,
    )
    return leads_there.correlate(entry, Activation) | left_branches.signed_up_below(entry.department_id)


def _by_each(theirs: ColumnElement[bool]) -> Matching:
    """Return the queries that match entries with activations: by address, phone number, unique values, own link.

    And by numbers and values of other lists' entries with their address. `theirs`: the condition that an activation is
    one by which people come to an entry's roster.
    """
    by_link = _ENTRIES.join(LinkRecipient, LinkRecipient.email == ExpectedPerson.email).join(
        Activation, (Activation.link_id == LinkRecipient.link_id) & theirs
    )  # whoever came by the link that was sent to this person alone, with whatever address
    by_address = _ENTRIES.join(User, User.email == ExpectedPerson.email).join(
        Activation, (Activation.user_id == User.id) & theirs
    )
    by_others = _by_marks(theirs & _comes_to(_OTHER), _OTHER)
    return (by_address, *_by_marks(theirs), *by_others, by_link)


def _by_marks(theirs: ColumnElement[bool], known: type[ExpectedPerson] = ExpectedPerson) -> Matching:
    """Return the queries that match entries with activations that are theirs by phone number and by unique values.

    `known`: whose these are, the entries themselves or `_OTHER` ones with their address.
    """
    same_address = (_OTHER.email == ExpectedPerson.email) & (_OTHER.id != ExpectedPerson.id)
    entries = _ENTRIES if known is ExpectedPerson else _ENTRIES.join(_OTHER, same_address)
    given = User.phone != literal("", literal_execute=True)
    by_phone = entries.join(User, (User.phone == known.phone) & given & has_own_phone(known)).join(
        Activation, (Activation.user_id == User.id) & theirs
    )
    by_value = (
        entries.join(ExpectedValue, ExpectedValue.person_id == known.id)
        .join(FieldValue, _same_value())
        .join(Activation, (Activation.user_id == FieldValue.user_id) & theirs)
    )
    return by_phone, by_value


def _same_value() -> ColumnElement[bool]:
    same = (FieldValue.field_id == ExpectedValue.field_id) & (FieldValue.unique_key == ExpectedValue.unique_key)
    return same & is_own_value()
