"""Queries on rosters for many viewers at once: who of the expected came, counted by the departments where they are."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.storage.roster_matches import matches
from core.storage.tables import Activation, ExpectedPerson
from core.storage.undone_sign_ups import undone

SEPARATOR = ","


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """How many of a roster's people came who are now in these departments: nearly always in one."""

    of: RosterOf
    departments: frozenset[int]
    count: int


def arrivals(session: Session, rosters: Collection[RosterOf], besides: ColumnElement[bool]) -> list[Arrivals]:
    """Count the people of rosters who came, each once, by roster and by the departments where they are.

    Without the entries `besides`. A person is in several departments if several learners match: by the address, and by
    the phone number.
    """
    matched = matches(rosters).subquery()
    owner = matched.c.profile_id, matched.c.department_id
    each = (
        select(*owner, matched.c.person_id, cast(Activation.learner_department_id, String).label("place"))
        .join(matched, matched.c.activation_id == Activation.id)
        .where(~undone(), matched.c.person_id.not_in(select(ExpectedPerson.id).where(besides)))
        .distinct()
        .subquery()
    )
    owner = each.c.profile_id, each.c.department_id
    people = (
        select(*owner, func.aggregate_strings(each.c.place, SEPARATOR).label("places"))
        .group_by(*owner, each.c.person_id)
        .subquery()
    )
    found = people.c.profile_id, people.c.department_id, people.c.places
    return [
        Arrivals(
            of=RosterOf(profile_id=profile, department_id=department),
            departments=frozenset(map(int, places.split(SEPARATOR))),
            count=count,
        )
        for profile, department, places, count in session.execute(select(*found, func.count()).group_by(*found))
    ]
