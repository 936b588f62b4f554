"""Queries on rosters for many viewers at once: who of the expected came, counted by the departments where they are."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from core.storage.rosters import matches
from core.storage.tables import Activation

SEPARATOR = ","


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """How many of a profile's expected people came who are now in these departments: nearly always in one."""

    profile_id: int
    departments: frozenset[int]
    count: int


def arrivals(session: Session, profile_ids: Collection[int]) -> list[Arrivals]:
    """Count the expected people of profiles who came, each once, by profile and by the departments where they are.

    A person is in several if several learners match: by the address, and by the phone number.
    """
    matched = matches(profile_ids).subquery()
    each = (
        select(
            Activation.profile_id, matched.c.person_id, cast(Activation.learner_department_id, String).label("place")
        )
        .join(matched, matched.c.activation_id == Activation.id)
        .distinct()
        .subquery()
    )
    people = (
        select(each.c.profile_id, func.aggregate_strings(each.c.place, SEPARATOR).label("places"))
        .group_by(each.c.profile_id, each.c.person_id)
        .subquery()
    )
    query = select(people.c.profile_id, people.c.places, func.count()).group_by(people.c.profile_id, people.c.places)
    return [
        Arrivals(profile_id=profile_id, departments=frozenset(map(int, places.split(SEPARATOR))), count=count)
        for profile_id, places, count in session.execute(query)
    ]
