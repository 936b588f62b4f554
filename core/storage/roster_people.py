"""Entries of rosters: read with all that tells people apart, added, changed and deleted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.expected_people import Entry, NewPerson
from core.domain.rosters import RosterOf
from core.storage.database import upsert
from core.storage.roster_matches import came, listed
from core.storage.rosters import CHUNK, delete_entries
from core.storage.tables import ExpectedPerson, ExpectedValue

P = TypeVar("P", bound=NewPerson)


def entries(session: Session, of: RosterOf) -> list[Entry]:
    """List the entries of a roster, in the order of the list."""
    numbers = set(session.scalars(came([of])))
    person, value = ExpectedPerson, ExpectedValue
    values = defaultdict[int, dict[int, str]](dict)
    held = select(value.person_id, value.field_id, value.unique_key).join(person, person.id == value.person_id)
    for number, field_id, key in session.execute(held.where(listed([of]))):
        values[number][field_id] = key
    query = select(person.id, person.identity, person.first_name, person.last_name, person.email, person.phone)
    return [
        Entry(
            number=number,
            identity=identity,
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone=phone,
            values=values.get(number, {}),
            came=number in numbers,
        )
        for number, identity, first_name, last_name, email, phone in session.execute(
            query.where(listed([of])).order_by(person.id)
        )
    ]


def add(session: Session, of: RosterOf, people: Sequence[NewPerson], now: datetime) -> int:
    """Add people to a locked roster; return how many. Others are on it already."""
    added = 0
    for chunk in _chunks(people):
        adding = upsert(session, ExpectedPerson).on_conflict_do_nothing()
        found = adding.returning(ExpectedPerson.identity, ExpectedPerson.id)
        numbers = dict(iter(session.execute(found, [_row(of, each, now) for each in chunk])))
        added += len(numbers)
        _put(session, {numbers[each.identity]: each.values for each in chunk if each.identity in numbers})
    return added


def change(session: Session, changed: Sequence[Entry]) -> None:
    """Give entries of a locked roster new data, and new values besides theirs; when they were put there stays."""
    for chunk in _chunks(changed):
        session.execute(update(ExpectedPerson), [{"id": each.number, **_data(each)} for each in chunk])
        _put(session, {each.number: each.values for each in chunk})


def delete(session: Session, gone: Sequence[Entry]) -> int:
    """Take entries off a roster; return how many."""
    return sum(
        delete_entries(session, ExpectedPerson.id.in_([each.number for each in chunk])) for chunk in _chunks(gone)
    )


def _row(of: RosterOf, person: NewPerson, now: datetime) -> dict[str, Any]:
    return {"profile_id": of.profile_id, "department_id": of.department_id, "added_at": now, **_data(person)}


def _data(person: NewPerson) -> dict[str, Any]:
    return {
        "identity": person.identity,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "phone": person.phone,
    }


def _put(session: Session, values: Mapping[int, Mapping[int, str]]) -> None:
    """Give entries, by their numbers, values of unique fields."""
    rows = [
        {"person_id": number, "field_id": field_id, "unique_key": key}
        for number, held in values.items()
        for field_id, key in held.items()
    ]
    if rows:
        putting = upsert(session, ExpectedValue)
        columns = [ExpectedValue.person_id, ExpectedValue.field_id]
        session.execute(
            putting.on_conflict_do_update(index_elements=columns, set_={"unique_key": putting.excluded.unique_key}),
            rows,
        )


def _chunks(people: Sequence[P]) -> Iterator[Sequence[P]]:
    return (people[start : start + CHUNK] for start in range(0, len(people), CHUNK))
