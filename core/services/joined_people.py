"""New learners for a spreadsheet: as the history's export tells of them, with profile, first department and courses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.errors import FileTooLong
from core.services import export, progress
from core.services.export import Row
from core.services.progress import CourseOfPerson
from core.storage import departments, profiles
from core.storage import progress as stored_progress
from core.storage.activations import Found

PAGE = 2000
MOST_PEOPLE = 20_000  # a larger file would hold up all other messages
MOST_COURSES = 40  # of which there are columns, or fewer:
MOST_STATES = 100_000  # of courses of people


@dataclass(frozen=True, kw_only=True)
class CourseColumn:
    """A course that new learners have."""

    course_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """A new learner: as the history's export tells of them, and their profile, first department and courses."""

    row: Row
    profile: str
    signed_up_to: tuple[str, ...]
    courses: Mapping[int, CourseOfPerson]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some new learners, newest first; `older_than` is the next page's `before`, None on the last."""

    people: tuple[Person, ...]
    older_than: int | None


def refuse_if_too_many(session: Session, learners: Select[int]) -> None:
    """Compare how many people a file would be about with how many it has room for. Raises FileTooLong."""
    people = stored_progress.count(session, learners)
    if people > MOST_PEOPLE:
        raise FileTooLong(people, MOST_PEOPLE)


def page(session: Session, found: Sequence[Found], size: int, now: datetime) -> Page:
    """Describe the learners of `size` activations; one more that was found shows that there is another page.

    Rights are not checked here.
    """
    return Page(
        people=described(session, found[:size], now),
        older_than=found[size - 1][0].id if len(found) > size else None,
    )


def described(session: Session, found: Sequence[Found], now: datetime) -> tuple[Person, ...]:
    """Describe the learners of activations, in their order. Rights are not checked here."""
    names = {each.id: each.name for each in profiles.by_numbers(session, {row[0].profile_id for row in found})}
    paths = departments.paths(session, {activation.department_id for activation, _, _ in found})
    courses = progress.of_people(session, [user.id for _, user, _ in found], now)
    return tuple(
        Person(
            row=row,
            profile=names[activation.profile_id],
            signed_up_to=paths[activation.department_id],
            courses=courses.get(user.id, {}),
        )
        for row, (activation, user, _) in zip(export.rows_of(session, found), found, strict=True)
    )


def course_columns(session: Session, learners: Select[int], people: int) -> tuple[tuple[CourseColumn, ...], int]:
    """Return the courses that most of so many learners have, and how many further ones have no room.

    Rights are not checked here.
    """
    courses = stored_progress.courses_of(session, learners)
    room = min(MOST_COURSES, MOST_STATES // max(1, people))
    columns = tuple(CourseColumn(course_id=number, title=title) for number, title in courses[:room])
    return columns, max(0, len(courses) - room)
