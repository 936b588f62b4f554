"""Whose progress a typed text names: a department's, a course's, a profile's or a person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path, nearest
from core.domain.text import begins_so, key, search_words
from core.errors import CohortNotFound, DepartmentNotFound, UserNotFound
from core.services import department_lookup, people, people_by_name
from core.services.authorisation import authorise
from core.services.people_by_name import Namesakes
from core.services.progress import Cohort, courses_in_scope
from core.storage import departments, profile_lists

COMPARED = 200  # profiles whose names are suggested, the newest ones
SUGGESTED = 3  # names like one that is unknown
SAME = 6  # with one name, or with names that begin alike; of profiles the newest ones


@dataclass(frozen=True, kw_only=True)
class Named:
    """A cohort that has a name; `name` is as the profile has it or the course; of a department its path, or empty."""

    cohort: Cohort
    name: str


def find(session: Session, actor_id: int, text: str) -> tuple[Named, ...] | int | Namesakes:
    """Return what a text names, at least one: a department, a course, profiles; or else whom, by number, or several.

    Of people the address is looked for first, and the name or the login last. What nothing is called is the beginnings
    of words in the names of courses, profiles and departments, SAME at most. Raises DepartmentAmbiguous, UserNotFound
    for an address, CohortNotFound, WaitsForApproval; and for what can't be a department's path what `parse_path`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    if "@" in text:
        return people.find(session, actor_id, text)
    titles = courses_in_scope(session, actor_id)
    found = (*_courses(titles, text), *_profiles(session, actor, text))
    try:
        department_id = department_lookup.find(session, actor, text)
    except DepartmentNotFound as unknown:
        return found or _person(session, actor, text, titles, unknown.nearest)
    return Named(cohort=Cohort(department_id=department_id), name=""), *found


def _courses(titles: Sequence[tuple[int, str]], text: str) -> list[Named]:
    return [Named(cohort=Cohort(course_id=number), name=title) for number, title in titles if key(title) == key(text)]


def _profiles(session: Session, actor: Actor, text: str) -> list[Named]:
    """List the newest profiles of a name whose learners the actor may see by name."""
    if not actor.may(Permission.MANAGE_PROFILES):
        return []
    called = profile_lists.editable_called(session, actor.scope, text, at_most=SAME)
    return [Named(cohort=Cohort(profile_id=number), name=name) for number, name in called]


def _begun(session: Session, actor: Actor, text: str, titles: Sequence[tuple[int, str]]) -> tuple[Named, ...]:
    """List the departments, the courses and the newest profiles in whose names each word of a text begins a word."""
    words = search_words(text)
    if not words:
        return ()
    paths = departments.paths_in(session, actor.scope)
    within = (
        Named(cohort=Cohort(department_id=number), name=format_path(path))
        for number, path in paths.items()
        if path and begins_so(path[-1], words)
    )
    courses = (Named(cohort=Cohort(course_id=number), name=title) for number, title in titles)
    manages = actor.may(Permission.MANAGE_PROFILES)
    cards = profile_lists.editable_named(session, actor.scope, text, at_most=COMPARED) if manages else ()
    profiles = (Named(cohort=Cohort(profile_id=each.id), name=each.name) for each in cards)
    begun = (each for each in (*courses, *profiles) if begins_so(each.name, words))
    return tuple(islice(chain(within, begun), SAME))


def _person(
    session: Session, actor: Actor, text: str, titles: Sequence[tuple[int, str]], paths: tuple[str, ...]
) -> int | Namesakes | tuple[Named, ...]:
    """Return the person who has a name or login, or several; or else what has a name that begins so.

    Raises CohortNotFound, with names that are like it.
    """
    try:
        return people_by_name.find(session, actor, text)
    except UserNotFound:
        if begun := _begun(session, actor, text, titles):
            return begun
        named = nearest(text, [*(title for _, title in titles), *_names(session, actor)])
        close = (*paths, *named, *people_by_name.alike(session, actor, text))
        raise CohortNotFound(text.strip(), tuple(dict.fromkeys(close))[:SUGGESTED]) from None


def _names(session: Session, actor: Actor) -> list[str]:
    if not actor.may(Permission.MANAGE_PROFILES):
        return []
    return profile_lists.editable_names(session, actor.scope, at_most=COMPARED)
