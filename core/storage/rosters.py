"""Queries on rosters: who is expected, who of them came, who didn't, and who came without being expected.

Whether a person came is never stored, but joined with activations, so that sign-ups before the roster count, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    delete,
    distinct,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.domain.access import Scope
from core.storage.database import upsert
from core.storage.departments import within
from core.storage.tables import Activation, ExpectedPerson, ExpectedValue, FieldValue, Link, User

CHUNK = 500  # rows of a statement

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """A person to add to a roster; `values` maps the numbers of unique fields to keys of values."""

    identity: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    values: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """A profile's roster: how many are expected, how many of them came with learners now within a scope or outside."""

    expected: int
    came: int
    hidden: int


def add(session: Session, profile_id: int, people: Sequence[NewPerson], now: datetime) -> int:
    """Add people to the roster of a locked profile; return how many. Others are on it already."""
    added = 0
    for chunk in _chunks(people):
        rows = [
            {
                "profile_id": profile_id,
                "identity": each.identity,
                "first_name": each.first_name,
                "last_name": each.last_name,
                "email": each.email,
                "phone": each.phone,
                "added_at": now,
            }
            for each in chunk
        ]
        adding = upsert(session, ExpectedPerson).on_conflict_do_nothing()
        found = adding.returning(ExpectedPerson.identity, ExpectedPerson.id)
        numbers = dict(iter(session.execute(found, rows)))
        added += len(numbers)
        values = [
            {"person_id": numbers[each.identity], "field_id": field_id, "unique_key": key}
            for each in chunk
            if each.identity in numbers
            for field_id, key in each.values.items()
        ]
        if values:
            session.execute(insert(ExpectedValue), values)
    return added


def clear(session: Session, profile_id: int) -> int:
    """Delete a profile's roster; return how many people were on it."""
    return delete_entries(session, ExpectedPerson.profile_id == profile_id)


def remove(session: Session, profile_id: int, number: int) -> int:
    """Delete one person from a profile's roster; return how many."""
    return delete_entries(session, (ExpectedPerson.profile_id == profile_id) & (ExpectedPerson.id == number))


def take_off(session: Session, person: User) -> None:
    """Delete a person from all rosters that have their address, phone number or unique values."""
    delete_entries(session, expecting(person))


def expecting(person: User) -> ColumnElement[bool]:
    """Return the SQL condition that a roster's entry has a person's address, phone number or unique values."""
    by_value = select(ExpectedValue.person_id).join(FieldValue, _same_value()).where(FieldValue.user_id == person.id)
    by_phone = literal(bool(person.phone)) & (ExpectedPerson.phone == person.phone)
    return or_(ExpectedPerson.email == person.email, by_phone, ExpectedPerson.id.in_(by_value))


def size(session: Session, profile_id: int) -> int:
    """Count the people of a profile's roster."""
    query = select(func.count()).select_from(ExpectedPerson)
    return session.scalars(query.where(ExpectedPerson.profile_id == profile_id)).one()


def known(session: Session, profile_id: int, identities: Sequence[str]) -> int:
    """Count how many of these people are on the roster already."""
    count = select(func.count()).select_from(ExpectedPerson).where(ExpectedPerson.profile_id == profile_id)
    return sum(session.scalars(count.where(ExpectedPerson.identity.in_(chunk))).one() for chunk in _chunks(identities))


def signed_up(session: Session, scope: Scope, profile_id: int, people: Sequence[NewPerson]) -> int:
    """Count how many of these people signed up through a profile, and are within the scope now."""
    emails = _held(session, scope, profile_id, User.email, [each.email for each in people if each.email])
    phones = _held(session, scope, profile_id, User.phone, [each.phone for each in people if each.phone])
    values = {
        (field_id, key)
        for field_id in {number for each in people for number in each.values}
        for key in _held_values(session, scope, profile_id, field_id, [each.values.get(field_id) for each in people])
    }
    return sum(
        each.email in emails or each.phone in phones or not values.isdisjoint(each.values.items()) for each in people
    )


def sizes(session: Session, profile_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people those of the profiles expect that have a roster."""
    query = select(ExpectedPerson.profile_id, func.count()).where(ExpectedPerson.profile_id.in_(list(profile_ids)))
    return dict(iter(session.execute(query.group_by(ExpectedPerson.profile_id))))


def counts(session: Session, scope: Scope, profile_ids: Iterable[int]) -> dict[int, Counts]:
    """Return the counts of those of the profiles that have a roster."""
    numbers = list(profile_ids)
    expected = sizes(session, numbers) if numbers else {}
    if not expected:
        return {}
    matched = matches(expected).subquery()
    shown = within(scope, Activation.learner_department_id.expression)
    came = (
        select(
            Activation.profile_id,
            func.count(distinct(matched.c.person_id)),
            func.count(distinct(matched.c.person_id)).filter(shown),
        )
        .join(matched, matched.c.activation_id == Activation.id)
        .group_by(Activation.profile_id)
    )
    totals = {number: (total, visible) for number, total, visible in session.execute(came)}
    return {
        number: Counts(expected=size, came=visible, hidden=total - visible)
        for number, size in expected.items()
        for total, visible in [totals.get(number, (0, 0))]
    }


def missing(session: Session, profile_id: int, *, after: int, size: int) -> list[ExpectedPerson]:
    """List the expected people who didn't come, in the order of the list, with numbers above `after`."""
    query = select(ExpectedPerson).where(
        ExpectedPerson.profile_id == profile_id, ExpectedPerson.id > after, ExpectedPerson.id.not_in(came([profile_id]))
    )
    return list(session.scalars(query.order_by(ExpectedPerson.id).limit(size)))


def came(profile_ids: Iterable[int]) -> Select[int]:
    """Select the numbers of the profiles' expected people who came."""
    return select(matches(profile_ids).subquery().c.person_id)


def matches(profile_ids: Iterable[int]) -> CompoundSelect[int, int]:
    """Return which expected person came by which activation: `person_id`, `activation_id`."""
    numbers = list(profile_ids)
    chosen = select(ExpectedPerson.id.label("person_id"), Activation.id.label("activation_id"))
    of_profile = Activation.profile_id == ExpectedPerson.profile_id

    def by(same: ColumnElement[bool]) -> Select[int, int]:
        return chosen.join(User, same).join(Activation, (Activation.user_id == User.id) & of_profile)

    by_value = (
        chosen.join(ExpectedValue, ExpectedValue.person_id == ExpectedPerson.id)
        .join(FieldValue, _same_value())
        .join(Activation, (Activation.user_id == FieldValue.user_id) & of_profile)
    )
    by_phone = (
        select(ExpectedPerson.id, Activation.id)
        .select_from(Activation)
        .join(User, User.id == Activation.user_id)
        .join(ExpectedPerson, of_profile & (ExpectedPerson.phone == User.phone))
        .where(Activation.profile_id.in_(numbers))
    )
    found = [
        each.where(ExpectedPerson.profile_id.in_(numbers))
        for each in (by(User.email == ExpectedPerson.email), by_value)
    ]
    return union(*found, by_phone)


def with_account(session: Session, scope: Scope, emails: Iterable[str | None]) -> set[str]:
    """Return those of the addresses that users within the scope have."""
    query = select(User.email).where(
        User.email.in_([each for each in emails if each]), within(scope, User.department_id.expression)
    )
    return {email for email in session.scalars(query) if email}


def unexpected(session: Session, scope: Scope, profile_id: int) -> int:
    """Count the learners within the scope who signed up through a profile and are not on its roster."""
    expected = select(matches([profile_id]).subquery().c.activation_id)
    query = select(func.count()).select_from(Activation)
    return session.scalars(
        query.where(
            Activation.profile_id == profile_id,
            Activation.id.not_in(expected),
            within(scope, Activation.learner_department_id.expression),
        )
    ).one()


def is_expected(session: Session, profile_id: int, email: str, phone: str, values: Mapping[int, str]) -> bool:
    """Return whether a person with this address, phone number or one of these unique values is on the roster."""
    of_profile = ExpectedPerson.profile_id == profile_id
    same = [ExpectedPerson.email == email, *([ExpectedPerson.phone == phone] if phone else [])]
    for field_id, key in values.items():
        holders = select(ExpectedValue.person_id).where(
            ExpectedValue.field_id == field_id, ExpectedValue.unique_key == key
        )
        same.append(ExpectedPerson.id.in_(holders))
    return session.scalars(select(exists().where(of_profile, or_(*same)))).one()


def note_try(session: Session, token: str, email: str, field: str, now: datetime) -> None:
    """Keep when a form of an expected person was refused, and the first field to correct."""
    tried = update(ExpectedPerson).where(*_awaited(token, email)).values(tried_at=now, tried_field=field)
    session.execute(tried.execution_options(synchronize_session=False))


def _awaited(token: str, email: str) -> tuple[ColumnElement[bool], ...]:
    through = select(Link.profile_id).where(Link.token == token).scalar_subquery()
    return ExpectedPerson.profile_id == through, ExpectedPerson.email == email


def _same_value() -> ColumnElement[bool]:
    return (FieldValue.field_id == ExpectedValue.field_id) & (FieldValue.unique_key == ExpectedValue.unique_key)


def _held(
    session: Session,
    scope: Scope,
    profile_id: int,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    texts: Sequence[str],
) -> set[str | None]:
    """Return which of the texts the learners of a profile have in a column."""
    query = _learners(scope, profile_id, select(column))
    return {held for chunk in _chunks(texts) for held in session.scalars(query.where(column.in_(chunk)))}


def _held_values(
    session: Session, scope: Scope, profile_id: int, field_id: int, keys: Iterable[str | None]
) -> set[str | None]:
    query = _learners(scope, profile_id, select(FieldValue.unique_key)).join(FieldValue, FieldValue.user_id == User.id)
    wanted = [key for key in keys if key]
    return {
        held
        for chunk in _chunks(wanted)
        for held in session.scalars(query.where(FieldValue.field_id == field_id, FieldValue.unique_key.in_(chunk)))
    }


def _learners(scope: Scope, profile_id: int, chosen: Select[T]) -> Select[T]:
    joined = chosen.select_from(Activation).join(User, User.id == Activation.user_id)
    return joined.where(Activation.profile_id == profile_id, within(scope, Activation.learner_department_id.expression))


def delete_entries(session: Session, which: ColumnElement[bool]) -> int:
    """Delete expected people and, with them, their values; return how many."""
    gone = delete(ExpectedPerson).where(which).returning(ExpectedPerson.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def _chunks(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
