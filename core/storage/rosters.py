"""Queries on rosters: who is expected, who of them came, and who didn't."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, case, delete, distinct, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.domain.access import Scope
from core.domain.expected_people import NewPerson
from core.domain.rosters import ADDRESS_NOT_ON_LIST, NOT_ON_LIST, RosterOf
from core.storage.departments import within
from core.storage.roster_matches import arrived, by_other_marks, came, expecting, listed, matches
from core.storage.tables import (
    Activation,
    DepartmentTree,
    ExpectedPerson,
    FieldValue,
    Link,
    LinkRecipient,
    Profile,
    User,
)
from core.storage.undone_sign_ups import undone

CHUNK = 500  # rows or rosters of a statement

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A roster: how many are expected, how many of them came with learners now within a scope or outside."""

    expected: int
    came: int
    hidden: int


def clear(session: Session, *rosters: RosterOf) -> int:
    """Delete rosters; return how many people were on them."""
    return delete_entries(session, listed(rosters))


def remove(session: Session, of: RosterOf, number: int) -> int:
    """Delete one person from a roster; return how many."""
    return delete_entries(session, listed([of]) & (ExpectedPerson.id == number))


def take_off(session: Session, person: User) -> None:
    """Delete a person from all rosters where they are expected."""
    delete_entries(session, expecting(person))


def size(session: Session, *rosters: RosterOf) -> int:
    """Count the people of rosters."""
    query = select(func.count()).select_from(ExpectedPerson)
    return session.scalars(query.where(listed(rosters))).one()


def identities(session: Session, of: RosterOf) -> list[str]:
    """List who is on a roster, each by what tells them apart there."""
    query = select(ExpectedPerson.identity).where(listed([of]))
    return list(session.scalars(query.order_by(ExpectedPerson.identity)))


def signed_up(session: Session, scope: Scope, of: RosterOf, people: Sequence[NewPerson]) -> set[str]:
    """Return who of these people came by sign-ups that count for a roster, and is within the scope now: identities.

    They have no phone number or value that several have (`expected_people.told_apart`).
    """
    addresses = [each.email for each in people if each.email]
    emails = _held(session, scope, of, User.email, addresses) | _by_own_link(session, scope, of, addresses)
    emails |= _by_other_lists(session, scope, of, addresses)
    phones = _held(session, scope, of, User.phone, [each.phone for each in people if each.phone])
    values = {
        (field_id, key)
        for field_id in {number for each in people for number in each.values}
        for key in _held_values(session, scope, of, field_id, [each.values.get(field_id) for each in people])
    }
    return {
        each.identity
        for each in people
        if each.email in emails or each.phone in phones or not values.isdisjoint(each.values.items())
    }


def sizes(
    session: Session, rosters: Iterable[RosterOf], *, besides: ColumnElement[bool] | None = None
) -> dict[RosterOf, int]:
    """Return how many people those of the rosters have that have any, without the entries `besides`."""
    query = select(ExpectedPerson.profile_id, ExpectedPerson.department_id, func.count())
    rows = session.execute(
        query.where(listed(rosters), *_without(besides)).group_by(
            ExpectedPerson.profile_id, ExpectedPerson.department_id
        )
    )
    return {RosterOf(profile_id=profile, department_id=department): number for profile, department, number in rows}


def counts(
    session: Session, scope: Scope, rosters: Iterable[RosterOf], *, besides: ColumnElement[bool] | None = None
) -> dict[RosterOf, Counts]:
    """Return the counts of those of the rosters that have people, without the entries `besides`."""
    return {
        of: found for chunk in _chunks(list(rosters)) for of, found in _counts(session, scope, chunk, besides).items()
    }


def _counts(
    session: Session, scope: Scope, rosters: Sequence[RosterOf], besides: ColumnElement[bool] | None
) -> dict[RosterOf, Counts]:
    """Return the counts of so many rosters that a statement can bind their numbers."""
    expected = sizes(session, rosters, besides=besides)
    if not expected:
        return {}
    matched = matches(expected).subquery()
    shown = within(scope, Activation.learner_department_id.expression)
    owner = matched.c.profile_id, matched.c.department_id
    arrivals = (
        select(
            *owner, func.count(distinct(matched.c.person_id)), func.count(distinct(matched.c.person_id)).filter(shown)
        )
        .join(Activation, matched.c.activation_id == Activation.id)
        .where(~undone(), *_without_numbers(matched.c.person_id, besides))
        .group_by(*owner)
    )
    totals = {
        RosterOf(profile_id=profile, department_id=department): (total, visible)
        for profile, department, total, visible in session.execute(arrivals)
    }
    return {
        of: Counts(expected=size, came=visible, hidden=total - visible)
        for of, size in expected.items()
        for total, visible in [totals.get(of, (0, 0))]
    }


def missing(session: Session, of: RosterOf, *, after: int, size: int) -> list[ExpectedPerson]:
    """List the expected people who didn't come, in the order of the list, with numbers above `after`."""
    query = select(ExpectedPerson).where(listed([of]), ExpectedPerson.id > after, ExpectedPerson.id.not_in(came([of])))
    return list(session.scalars(query.order_by(ExpectedPerson.id).limit(size)))


def missing_with(session: Session, of: RosterOf, sought: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those of the expected people who didn't come and have such an address or phone number."""
    person = ExpectedPerson
    query = select(person.id, person.email, person.phone).where(listed([of]), person.id.not_in(came([of])))
    return {
        known_by: number
        for chunk in _chunks(sought)
        for number, *contacts in session.execute(query.where(or_(person.email.in_(chunk), person.phone.in_(chunk))))
        for known_by in contacts
        if known_by and known_by in chunk
    }


def missing_names(session: Session, of: RosterOf) -> list[tuple[int, str, str, str | None, str | None]]:
    """Return the number, both names, the address and the phone number of each of the expected who didn't come."""
    person = ExpectedPerson
    columns = person.id, person.first_name, person.last_name, person.email, person.phone
    query = select(*columns).where(listed([of]), person.id.not_in(came([of]))).order_by(person.id)
    return [(number, first, last, email, phone) for number, first, last, email, phone in session.execute(query)]


def note_try(session: Session, token: str, email: str, field: str, now: datetime) -> None:
    """Keep when a form of an expected person was refused, and the first field to correct, or NOT_ON_LIST.

    It is theirs if their address (`email`, empty if none could be read) is in it, or, where nobody on their list has
    that, if it came by their personal link: then NOT_ON_LIST is kept as ADDRESS_NOT_ON_LIST, and that address nowhere.
    """
    by_address = ExpectedPerson.email == email
    instead = ADDRESS_NOT_ON_LIST if field == NOT_ON_LIST else field
    tried = update(ExpectedPerson).where(_is_led_to(token), by_address | _uses_own_link(token, email))
    noted = tried.values(tried_at=now, tried_field=case((by_address, field), else_=instead))
    session.execute(noted.execution_options(synchronize_session=False))


def delete_entries(session: Session, which: ColumnElement[bool]) -> int:
    """Delete expected people and, with them, their values; return how many."""
    gone = delete(ExpectedPerson).where(which).returning(ExpectedPerson.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _without(besides: ColumnElement[bool] | None) -> tuple[ColumnElement[bool], ...]:
    return () if besides is None else (~besides,)


def _without_numbers(
    number: ColumnElement[int], besides: ColumnElement[bool] | None
) -> tuple[ColumnElement[bool], ...]:
    return () if besides is None else (number.not_in(select(ExpectedPerson.id).where(besides)),)


def _is_led_to(token: str) -> ColumnElement[bool]:
    """Return the condition that an entry is on a list that the link leads to."""
    link = select(Link.profile_id).where(Link.token == token)
    above = (
        select(DepartmentTree.ancestor_id)
        .join(Profile, Profile.department_id == DepartmentTree.descendant_id)
        .where(Profile.id.in_(link))
    )
    return or_(ExpectedPerson.profile_id.in_(link), ExpectedPerson.department_id.in_(above))


def _uses_own_link(token: str, email: str) -> ColumnElement[bool]:
    """Return the condition that the link is the personal one of an entry on whose list nobody has the address."""
    sent_to = select(LinkRecipient.email).join(Link, Link.id == LinkRecipient.link_id).where(Link.token == token)
    other = aliased(ExpectedPerson)
    same_list = or_(other.profile_id == ExpectedPerson.profile_id, other.department_id == ExpectedPerson.department_id)
    named = exists().where(same_list, other.email == email).correlate(ExpectedPerson)
    return ExpectedPerson.email.in_(sent_to) & ~named


def _held(
    session: Session,
    scope: Scope,
    of: RosterOf,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    texts: Sequence[str],
) -> set[str | None]:
    """Return which of the texts those who came by sign-ups that count for a roster have in a column."""
    query = _learners(scope, of, select(column))
    return {held for chunk in _chunks(texts) for held in session.scalars(query.where(column.in_(chunk)))}


def _by_own_link(session: Session, scope: Scope, of: RosterOf, emails: Sequence[str]) -> set[str | None]:
    """Return which of the addresses got a personal link by which somebody came."""
    query = _learners(scope, of, select(LinkRecipient.email))
    query = query.join(LinkRecipient, LinkRecipient.link_id == Activation.link_id)
    return {
        email for chunk in _chunks(emails) for email in session.scalars(query.where(LinkRecipient.email.in_(chunk)))
    }


def _by_other_lists(session: Session, scope: Scope, of: RosterOf, emails: Sequence[str]) -> set[str | None]:
    """Return which of the addresses other lists have of people who came by what these lists know of them."""
    sign_ups = arrived(of) & ~undone() & within(scope, Activation.learner_department_id.expression)
    return {
        email
        for chunk in _chunks(emails)
        for found in by_other_marks(ExpectedPerson.email.in_(chunk), sign_ups)
        for email in session.scalars(found.with_only_columns(ExpectedPerson.email))
    }


def _held_values(
    session: Session, scope: Scope, of: RosterOf, field_id: int, keys: Iterable[str | None]
) -> set[str | None]:
    query = _learners(scope, of, select(FieldValue.unique_key)).join(FieldValue, FieldValue.user_id == User.id)
    wanted = [key for key in keys if key]
    return {
        held
        for chunk in _chunks(wanted)
        for held in session.scalars(query.where(FieldValue.field_id == field_id, FieldValue.unique_key.in_(chunk)))
    }


def _learners(scope: Scope, of: RosterOf, chosen: Select[T]) -> Select[T]:
    joined = chosen.select_from(Activation).join(User, User.id == Activation.user_id)
    return joined.where(arrived(of), ~undone(), within(scope, Activation.learner_department_id.expression))


def _chunks(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
