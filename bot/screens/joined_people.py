"""New learners as the cells of spreadsheets have them: who they are, where they came from, and their courses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.screens.export_cells import activation_of, address_of, label_of, states_in, wall_clock
from bot.screens.spreadsheets import Cell
from bot.wording import labels
from bot.wording.phrases import Words
from core.domain.naming import format_path
from core.services.export import Column
from core.services.joined_people import MOST_PEOPLE, CourseColumn, Person
from core.services.progress import CourseOfPerson


def too_many(words: Words, people: int) -> Markup:
    """Say that more people joined than a file has room for."""
    return words.say(
        "There is no spreadsheet: {people} joined, and it holds {most} at most. Each profile’s history has a file too.",
        people=people,
        most=MOST_PEOPLE,
    )


@dataclass(frozen=True)
class JoinedPeople:
    """A sheet of new learners with the account's own fields and so many courses; `more_courses` have no column."""

    words: Words
    columns: Sequence[Column]
    courses: Sequence[CourseColumn]
    more_courses: int

    def header(self) -> list[str]:
        """Name the columns."""
        say = self.words.say
        built_in = (
            say("Signed up at ({city})", city=self.words.language.city(self.words.zone)),
            say("First name"),
            say("Last name"),
            say("Email address"),
            say("Phone"),
            say("Job title"),
            say("Department at sign-up"),
            say("Department now"),
            say("Profile"),
            say("Link"),
            say("State"),
            say("Activation"),
        )
        own = (label_of(self.words, column) for column in self.columns)
        courses = (name for course in self.courses for name in self._course_header(course.title))
        return [*(name.unescape() for name in built_in), *own, *courses]

    def rows(self, people: Iterable[Person]) -> Iterator[list[Cell]]:
        """Write a row for each person."""
        states, language = states_in(self.words), self.words.language.code
        for person in people:
            row = person.row
            yield [
                wall_clock(row.at, self.words.zone),
                *(row.first_name, row.last_name, address_of(row), row.phone, row.job_title),
                *(format_path(person.signed_up_to), format_path(row.department)),
                *(person.profile, row.label, states[row.state], activation_of(self.words, row)),
                *(column.cell(row.values.get(column.field_id, ""), language) for column in self.columns),
                *(cell for course in self.courses for cell in self._course(person.courses.get(course.course_id))),
            ]

    def notes(self, undone: int) -> list[str]:
        """Say how many rows are of undone sign-ups, which no count has, and how many courses have no column, if any."""
        count, more = self.words.count, self.more_courses
        notes = (
            (undone, count("{number} sign-up is undone", "{number} sign-ups are undone", undone)),
            (more, count("{number} more course has no column", "{number} more courses have no column", more)),
        )
        return [note.unescape() for number, note in notes if number]

    def _course_header(self, title: str) -> list[str]:
        say = self.words.say
        others = (
            say("{course}: started", course=title),
            say("{course}: completed", course=title),
            say("{course}: due", course=title),
        )
        return [title, *(name.unescape() for name in others)]

    def _course(self, course: CourseOfPerson | None) -> list[Cell]:
        if course is None:
            return [""] * 4
        state = self.words.say(labels.PROGRESS[course.progress]).unescape()
        overdue = f", {self.words.say('overdue').unescape()}" if course.overdue else ""
        moments = course.started_at, course.completed_at, course.due_at
        return [f"{state}{overdue}", *("" if each is None else wall_clock(each, self.words.zone) for each in moments)]
