"""A digest as a spreadsheet: a sheet of its new learners with their courses, and one of its profiles."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.screens.export_cells import wall_clock
from bot.screens.joined_people import JoinedPeople, too_many
from bot.screens.screen import Attachment, Screen
from bot.screens.spreadsheets import LARGEST, Cell, Sheet, Workbook
from bot.wording.digest import caption
from bot.wording.digest_overview import hidden_in_all
from bot.wording.phrases import Words
from core.domain.naming import format_path
from core.services.digest_spreadsheets import Outline, ProfileRow
from core.services.joined_people import Page


def too_long(words: Words, outline: Outline) -> Screen:
    """Say that more people joined than a file has room for."""
    return Screen(text=caption(words, outline.summary, too_many(words, outline.summary.shown)))


async def spreadsheet(words: Words, outline: Outline, pages: AsyncIterator[Page]) -> Screen:
    """Write the file, page by page; slow work runs in a thread."""
    writer = _Writer(words, outline)
    book = await asyncio.to_thread(Workbook)
    people = book.sheet(words.say("People").unescape(), writer.people.header())
    async for page in pages:
        await asyncio.to_thread(people.add, writer.people.rows(page.people))
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

    @property
    def people(self) -> JoinedPeople:
        """The sheet of the new learners."""
        outline = self.outline
        return JoinedPeople(self.words, outline.columns, outline.courses, outline.more_courses)

    def finished(self, book: Workbook, people: Sheet) -> bytes:
        """Write what is below the people, and the profiles; return the file."""
        people.arrange()
        people.add([[note] for note in self._notes()])
        profiles = book.sheet(self.words.say("Profiles").unescape(), self._profiles_header())
        profiles.add(map(self._profile, self.outline.profiles))
        profiles.arrange()
        return book.finish()

    def _notes(self) -> list[str]:
        summary = self.outline.summary
        hidden = hidden_in_all(self.words, summary)
        return [*self.people.notes(summary.undone), *([hidden.unescape()] if hidden else [])]

    def _profiles_header(self) -> list[str]:
        say = self.words.say
        city = self.words.language.city(self.words.zone)
        named = (
            say("No."),
            say("Profile"),
            say("Department"),
            say("Joined"),
            say("Activations returned"),
            say("Sign-ups undone"),
            say("Hidden"),
            say("Places used"),
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
            *map(Decimal, (profile.joined, profile.returned, profile.undone, profile.hidden, profile.used)),
            "" if profile.limit is None else Decimal(profile.limit),
            self._moment(profile.starts_at),
            self._moment(profile.ends_at),
        ]

    def _moment(self, at: datetime) -> datetime:
        return wall_clock(at, self.words.zone)
