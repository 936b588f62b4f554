"""A digest as a spreadsheet: a sheet of its new learners with their courses, and one of its profiles."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from markupsafe import Markup

from bot.screens.export_cells import address_of, label_of, states_in, wall_clock
from bot.screens.screen import Attachment, Screen
from bot.screens.spreadsheets import LARGEST, Cell, Sheet, Workbook
from bot.wording import labels
from bot.wording.digest import caption
from bot.wording.digest_overview import hidden_in_all
from bot.wording.phrases import Words
from core.domain.naming import format_path
from core.services.digest_spreadsheets import MOST_PEOPLE, Outline, Page, Person, ProfileRow
from core.services.progress import CourseOfPerson


def too_long(words: Words, outline: Outline) -> Screen:
    """Say that more people joined than a file has room for."""
    says = words.say(
        "There is no spreadsheet: {people} joined, and it holds {most} at most. Each profile’s history has a file too.",
        people=outline.summary.shown,
        most=MOST_PEOPLE,
    )
    return Screen(text=caption(words, outline.summary, says))


async def spreadsheet(words: Words, outline: Outline, pages: AsyncIterator[Page]) -> Screen:
    """Write the file, page by page; slow work runs in a thread."""
    writer = _Writer(words, outline)
    book = await asyncio.to_thread(Workbook)
    people = book.sheet(words.say("People").unescape(), writer.header())
    async for page in pages:
        await asyncio.to_thread(people.add, writer.rows(page.people))
    contents = await asyncio.to_thread(writer.finished, book, people)
    if len(contents) > LARGEST:
        too_large = words.say("This file is too large for Telegram, which accepts up to {most} MB.", most=50)
        return Screen(text=caption(words, outline.summary, too_large))
    name = f"gangway-digest-{outline.summary.until.astimezone(words.zone):%Y-%m-%d}.xlsx"
    return Screen(text=caption(words, outline.summary), attachment=Attachment(name=name, contents=contents))


@dataclass(frozen=True)
class _Writer:
    words: Words
    outline: Outline

    def header(self) -> list[str]:
        """Name the columns of the people."""
        say = self.words.say
        built_in = (
            self._at(),
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
        )
        own = (label_of(self.words, column) for column in self.outline.columns)
        courses = (name for course in self.outline.courses for name in self._course_header(course.title))
        return [*(name.unescape() for name in built_in), *own, *courses]

    def rows(self, people: Iterable[Person]) -> Iterator[list[Cell]]:
        """Write a row for each person."""
        states, language = states_in(self.words), self.words.language.code
        for person in people:
            row = person.row
            yield [
                self._moment(row.at),
                *(row.first_name, row.last_name, address_of(row), row.phone, row.job_title),
                *(format_path(person.signed_up_to), format_path(row.department)),
                *(person.profile, row.label, states[row.state]),
                *(column.cell(row.values.get(column.field_id, ""), language) for column in self.outline.columns),
                *(
                    cell
                    for course in self.outline.courses
                    for cell in self._course(person.courses.get(course.course_id))
                ),
            ]

    def finished(self, book: Workbook, people: Sheet) -> bytes:
        """Write what is below the people, and the profiles; return the file."""
        people.arrange()
        people.add([[note] for note in self._notes()])
        profiles = book.sheet(self.words.say("Profiles").unescape(), self._profiles_header())
        profiles.add(map(self._profile, self.outline.profiles))
        profiles.arrange()
        return book.finish()

    def _notes(self) -> list[str]:
        more = self.outline.more_courses
        notes = [
            self.words.count("{number} more course has no column", "{number} more courses have no column", more)
            if more
            else None,
            hidden_in_all(self.words, self.outline.summary),
        ]
        return [note.unescape() for note in notes if note]

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
        return [f"{state}{overdue}", *("" if each is None else self._moment(each) for each in moments)]

    def _profiles_header(self) -> list[str]:
        say = self.words.say
        city = self.words.language.city(self.words.zone)
        named = (
            say("No."),
            say("Profile"),
            say("Department"),
            say("Joined"),
            say("Hidden"),
            say("In all"),
            say("Limit"),
            say("Start ({city})", city=city),
            say("End ({city})", city=city),
        )
        return [name.unescape() for name in named]

    def _profile(self, profile: ProfileRow) -> list[Cell]:
        deleted = self.words.say("{name} (deleted)", name=profile.name).unescape()
        return [
            Decimal(profile.profile_id),
            deleted if profile.removed else profile.name,
            format_path(profile.department),
            *map(Decimal, (profile.shown, profile.hidden, profile.used)),
            "" if profile.limit is None else Decimal(profile.limit),
            self._moment(profile.starts_at),
            self._moment(profile.ends_at),
        ]

    def _at(self) -> Markup:
        return self.words.say("Signed up at ({city})", city=self.words.language.city(self.words.zone))

    def _moment(self, at: datetime) -> datetime:
        return wall_clock(at, self.words.zone)
