"""/report: sign-ups of a period, by profile and department."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.report_files import file_buttons
from bot.handlers.report_pictures import picture_button
from bot.input.cohorts import ALL
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.reports import totals
from bot.wording.rosters import came
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.naming import format_path
from core.services import reports
from core.services.reports import DepartmentCount, ProfileCount, Report
from core.services.roster_counts import RosterCounts

LONGEST_NAME = 80  # ten of them have to fit into a message


async def report(context: Context, text: str) -> Screen:
    """Report on a period, the last 30 days if none is given."""
    found = await context.read(reports.sign_ups, context.actor_id, text, context.now)
    return Screen(
        text=lines(
            *totals(context.words, found),
            *_by_profile(context.words, found),
            *_by_department(context.words, found),
        ),
        rows=_buttons(context, found, text),
    )


def _by_profile(words: Words, found: Report) -> list[Markup | str]:
    if not found.profiles:
        return []
    counted = [_counted(words, each) for each in found.profiles]
    return ["", Markup("<b>{}</b>").format(words.say("By profile")), *counted, *more(words, found.more_profiles)]


def _counted(words: Words, each: ProfileCount) -> Markup:
    return _with_roster(words, Markup("{} · {} ({})").format(each.joined, *_profile(words, each)), each.roster)


def _with_roster(words: Words, counted: Markup, roster: RosterCounts | None) -> Markup:
    return counted if roster is None else Markup("{} · {}").format(counted, came(words, roster))


def _profile(words: Words, each: ProfileCount) -> tuple[Markup, Markup]:
    """Return a profile's name and what identifies it: a number, unless the profile is deleted."""
    name = isolate(shortened(each.name, LONGEST_NAME))
    return name, words.say("deleted") if each.removed else Markup("#{}").format(each.profile_id)


def _by_department(words: Words, found: Report) -> list[Markup | str]:
    if not found.departments:
        return []
    title = Markup("<b>{}</b>").format(words.say("By current department"))
    counted = [_with_roster(words, _in_department(words, each), each.roster) for each in found.departments]
    return ["", title, *counted, *more(words, found.more_departments)]


def _in_department(words: Words, each: DepartmentCount) -> Markup:
    return Markup("{} · {}").format(each.joined, _department(words, each.path))


def _department(words: Words, path: tuple[str, ...]) -> Markup:
    if not path:
        return words.say("the top of the tree")
    return isolate(shortened(format_path(path), LONGEST_NAME))


def _buttons(context: Context, found: Report, text: str) -> Rows:
    say = context.words.say
    missing = found.expected and found.expected.missing
    see_how_far = found.steps and found.steps.not_started and Permission.MANAGE_PEOPLE in context.person.permissions
    return rows(
        [picture_button(context.words, found, text)] if found.joined else [],
        file_buttons(found, text) if found.shown else [],
        [
            tap(say("Who's missing"), "rosters") if missing else None,
            tap(say("Not started now"), "progress-who", ALL, "waiting", 0, 0) if see_how_far else None,
        ],
        [tap(say("Today"), "report", "today"), tap(say("This week"), "report", "week")],
        [tap(say("Last week"), "report", "last week"), tap(say("This month"), "report", "month")],
        [tap(say("Last month"), "report", "last month"), tap(say("This year"), "report", "year")],
        [to_home(context.words)],
    )


COMMANDS = (
    Command(
        name="report",
        handler=report,
        summary=N_("Report on sign-ups by profile and department for a period"),
        examples=("/report", "/report last week", "/report november 2025", "/report 2026-10-01 - 2026-10-31"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "report": report,
}
