"""Whose progress a typed text names: a department's, a course's, a profile's or a person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path, nearest
from core.domain.text import begins_so, key, search_words
from core.errors import CohortNotFound, DepartmentNotFound, UserNotFound
from core.services import department_lookup, people, people_by_name
from core.services.authorisation import authorise
from core.services.people import Card
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


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a text names: people, cohorts or both, at least one; `more`: there are others."""

    people: tuple[Card, ...] = ()
    cohorts: tuple[Named, ...] = ()
    more: bool = False


def find(session: Session, actor_id: int, text: str) -> Found:
    """Return what a text names: a department, a course, profiles; or else people, by their name or login.

    People who may manage profiles but not people find profiles only. Of the others an address names a person; what
    nothing and nobody is called is the beginnings of words in the names of people, departments, courses and profiles,
    some of each. Raises DepartmentAmbiguous, UserNotFound for an address, CohortNotFound, WaitsForApproval; and for
    what can't be a department's path what `parse_path` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE, Permission.MANAGE_PROFILES)
    if not actor.may(Permission.MANAGE_PEOPLE):
        return _profiles_alone(session, actor, text)
    if "@" in text:
        number = people.find(session, actor_id, text)
        return Found(people=(people.card(session, actor_id, number),))
    titles = courses_in_scope(session, actor_id)
    within, paths = _departments(session, actor, text)
    profiles = _profiles(session, actor, text)
    if called := (*within, *_courses(titles, text), *profiles[:SAME]):
        return Found(cohorts=called, more=len(profiles) > SAME)
    namesakes = _people(session, actor, text)
    if namesakes and namesakes.just_so:
        return Found(people=namesakes.cards, more=namesakes.more)
    begun = _begun(session, actor, text, titles)
    if not (namesakes or any(begun)):
        raise CohortNotFound(text.strip(), _close(session, actor, text, titles, paths))
    return _some_of_each(namesakes, begun)


def _people(session: Session, actor: Actor, text: str) -> Namesakes | None:
    try:
        return people_by_name.find(session, actor, text)
    except UserNotFound:
        return None


def _profiles_alone(session: Session, actor: Actor, text: str) -> Found:
    found = _profiles(session, actor, text) or _begun_profiles(session, actor, text, search_words(text))
    if not found:
        close = tuple(nearest(text, _names(session, actor)))[:SUGGESTED]
        raise CohortNotFound(text.strip(), close, among_profiles=True)
    return Found(cohorts=tuple(found[:SAME]), more=len(found) > SAME)


def _departments(session: Session, actor: Actor, text: str) -> tuple[tuple[Named, ...], tuple[str, ...]]:
    """Return the department that a text names, if one is called so, and else the paths that are like it."""
    try:
        department_id = department_lookup.find(session, actor, text)
    except DepartmentNotFound as unknown:
        return (), unknown.nearest
    return (Named(cohort=Cohort(department_id=department_id), name=""),), ()


def _courses(titles: Sequence[tuple[int, str]], text: str) -> list[Named]:
    return [Named(cohort=Cohort(course_id=number), name=title) for number, title in titles if key(title) == key(text)]


def _profiles(session: Session, actor: Actor, text: str) -> list[Named]:
    """List the newest profiles of a name whose learners the actor may see by name, one more than SAME at most."""
    if not actor.may(Permission.MANAGE_PROFILES):
        return []
    called = profile_lists.editable_called(session, actor.scope, text, at_most=SAME + 1)
    return [Named(cohort=Cohort(profile_id=each.id), name=each.name) for each in called]


def _begun(session: Session, actor: Actor, text: str, titles: Sequence[tuple[int, str]]) -> list[list[Named]]:
    """Return the departments, courses and newest profiles in whose names each word begins a word."""
    words = search_words(text)
    if not words:
        return []
    within = [
        Named(cohort=Cohort(department_id=number), name=format_path(path))
        for number, path in departments.paths_in(session, actor.scope).items()
        if path and begins_so(path[-1], words)
    ]
    courses = [
        Named(cohort=Cohort(course_id=number), name=title) for number, title in titles if begins_so(title, words)
    ]
    return [within, courses, _begun_profiles(session, actor, text, words)]


def _begun_profiles(session: Session, actor: Actor, text: str, words: Sequence[str]) -> list[Named]:
    """List the newest profiles in whose names each word begins a word, and whose learners the actor may see by name."""
    if not (words and actor.may(Permission.MANAGE_PROFILES)):
        return []
    cards = profile_lists.editable_named(session, actor.scope, text, at_most=COMPARED)
    return [Named(cohort=Cohort(profile_id=each.id), name=each.name) for each in cards if begins_so(each.name, words)]


def _some_of_each(namesakes: Namesakes | None, begun: Sequence[Sequence[Named]]) -> Found:
    """Return the first ones of each kind, SAME at most: of one kind more only as far as the others leave room."""
    people = namesakes.cards if namesakes else ()
    in_turn = (each for turn in zip_longest(people, *begun) for each in turn if each)
    chosen = set(islice(in_turn, SAME))
    found = len(people) + sum(map(len, begun))
    return Found(
        people=tuple(each for each in people if each in chosen),
        cohorts=tuple(each for kind in begun for each in kind if each in chosen),
        more=found > SAME or bool(namesakes and namesakes.more),
    )


def _close(
    session: Session, actor: Actor, text: str, titles: Sequence[tuple[int, str]], paths: tuple[str, ...]
) -> tuple[str, ...]:
    """Return names that are like an unknown one, those of departments first."""
    named = nearest(text, [*(title for _, title in titles), *_names(session, actor)])
    close = (*paths, *named, *people_by_name.alike(session, actor, text))
    return tuple(dict.fromkeys(close))[:SUGGESTED]


def _names(session: Session, actor: Actor) -> list[str]:
    if not actor.may(Permission.MANAGE_PROFILES):
        return []
    return profile_lists.editable_names(session, actor.scope, at_most=COMPARED)
