"""What tells the people of one roster apart, besides addresses: what nobody else there has.

A family or a reception has one phone number, and a list may give one value of a unique field to several: by these
nobody is let in, has come, or is meant. `core.domain.expected_people.told_apart` says the same of a list.
"""

from functools import cache

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased

from core.storage.tables import ExpectedPerson, ExpectedValue


@cache  # putting it together takes SQLAlchemy longer than asking
def has_own_phone(person: type[ExpectedPerson] = ExpectedPerson) -> ColumnElement[bool]:
    """Return the SQL condition that nobody else of an entry's roster has its phone number."""
    other = aliased(ExpectedPerson)
    shared = exists().where(other.phone == person.phone, *_another_of_its_roster(other, person))
    return ~shared.correlate_except(other)


@cache
def is_own_value(value: type[ExpectedValue] = ExpectedValue) -> ColumnElement[bool]:
    """Return the SQL condition that nobody else of its person's roster has a value of a unique field."""
    person, other, held = aliased(ExpectedPerson), aliased(ExpectedPerson), aliased(ExpectedValue)
    shared = exists().where(
        held.field_id == value.field_id,
        held.unique_key == value.unique_key,
        other.id == held.person_id,
        person.id == value.person_id,
        *_another_of_its_roster(other, person),
    )
    return ~shared.correlate_except(person, other, held)


def _another_of_its_roster(
    other: type[ExpectedPerson], person: type[ExpectedPerson]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an entry is another one of a person's roster.

    No index helps with them: else a database would rather read whole rosters for each person than who has a number.
    """
    return (
        other.id != person.id,
        func.coalesce(other.profile_id, 0) == func.coalesce(person.profile_id, 0),
        func.coalesce(other.department_id, 0) == func.coalesce(person.department_id, 0),
    )
