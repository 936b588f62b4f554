"""A report's figures as the sheets of a workbook: by profile, and by department."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.screens.spreadsheets import Cell, Table
from bot.wording.phrases import Words
from core.domain.naming import format_path
from core.services.reports import DepartmentCount, ProfileCount, Report
from core.services.roster_counts import RosterCounts


def tables(words: Words, found: Report) -> tuple[Table, ...]:
    """Return the sheets: how many joined by each profile and in each department, and of the expected ones."""
    say = words.say
    counted = [say("Joined"), say("Expected"), say("Came"), say("Came, but hidden"), say("Missing")]
    return (
        Table(
            name=say("Profiles").unescape(),
            header=[name.unescape() for name in (say("No."), say("Profile"), *counted)],
            rows=_profiles(words, found.profiles),
        ),
        Table(
            name=say("Departments").unescape(),
            header=[name.unescape() for name in (say("Department now"), *counted)],
            rows=_departments(words, found.departments),
        ),
    )


def _profiles(words: Words, counted: Sequence[ProfileCount]) -> Iterator[list[Cell]]:
    for each in counted:
        deleted = words.say("{name} (deleted)", name=each.name).unescape()
        yield [
            Decimal(each.profile_id),
            deleted if each.removed else each.name,
            Decimal(each.joined),
            *_roster(each.roster),
        ]


def _departments(words: Words, counted: Sequence[DepartmentCount]) -> Iterator[list[Cell]]:
    for each in counted:
        named = format_path(each.path) if each.path else words.say("the top of the tree").unescape()
        yield [named, Decimal(each.joined), *_roster(each.roster)]


def _roster(counts: RosterCounts | None) -> list[Cell]:
    if counts is None:
        return [""] * 4
    return [Decimal(counts.expected), Decimal(counts.came), Decimal(counts.hidden), Decimal(counts.missing)]
