"""/history: who signed up through a profile."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import number
from bot.menu.buttons import ButtonHandler, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.profile_card import missing_row, waiting_row
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording.addresses import mail
from bot.wording.phrases import N_, Words
from bot.wording.reports import activation, given_back, sign_ups
from bot.wording.rosters import came
from bot.wording.text import isolate, lines, shortened
from bot.wording.waiting import counted
from core.domain.access import Permission
from core.domain.naming import format_path
from core.domain.tallies import Hidden
from core.services import history
from core.services.history import Entry, History

A_PAGE = 4  # with its buttons a page is within a phone
LONGEST_LABEL = 36


async def show(context: Context, text: str) -> Screen:
    """Show the newest page of a profile's activation history."""
    return await page(context, number(text))


async def page(context: Context, profile_id: int, before: int | None = None) -> Screen:
    """Show a page of a profile's activation history, older than an activation."""
    found = await read_page(context, profile_id, before)
    return Screen(text=lines(*shown_page(context, found)), rows=_buttons(context, found, before))


async def read_page(context: Context, profile_id: int, before: int | None) -> History:
    """Read a page of a profile's activation history."""
    return await context.read(history.page, context.actor_id, profile_id, before=before, size=A_PAGE)


def shown_page(context: Context, found: History, *, numbered: bool = False) -> list[Markup | str]:
    """Show a page: how many learners are shown and hidden, then each; numbered if one is to be chosen."""
    title = Markup("<b>{}</b> (#{})").format(isolate(found.profile_name), found.profile_id)
    given = given_back(context.words, found.returned - found.undone)
    total = Markup(" · ").join([sign_ups(context.words, found.joined, found.undone), *given])
    entries = [_entry(context, entry, numbered=numbered) for entry in found.entries]
    expected = [] if found.roster is None else [came(context.words, found.roster)]
    waiting = Markup(" · ").join(counted(context.words, found.waiting, found.unconfirmed))
    also = [*([waiting] if waiting else []), *expected, *hidden_learners(context.words, found.hidden)]
    return [title, total, *also, "", *entries]


def hidden_learners(words: Words, hidden: Hidden) -> list[Markup]:
    """Say how many learners are hidden and why, never who; empty if none is."""
    count, total = words.count, hidden.total
    if not total:
        return []
    parts = [count("{number} learner is hidden from you:", "{number} learners are hidden from you:", total)]
    if hidden.transferred:
        parts.append(count("{number} was transferred later", "{number} were transferred later", hidden.transferred))
    if hidden.elsewhere:
        parts.append(
            count(
                "{number} signed up while the profile pointed elsewhere",
                "{number} signed up while the profile pointed elsewhere",
                hidden.elsewhere,
            )
        )
    return parts


def older_button(context: Context, found: History, verb: str) -> list[list[InlineKeyboardButton]]:
    """Return the button to the older page."""
    if found.older_than is None:
        return []
    return [[tap(context.words.say("Older ›"), verb, found.profile_id, found.older_than)]]


def _entry(context: Context, entry: Entry, *, numbered: bool) -> Markup:
    say = context.words.say
    name = isolate(f"{entry.first_name} {entry.last_name}".strip())
    facts: list[Markup | str] = [context.words.moment(entry.at), isolate(format_path(entry.department))]
    facts += [isolate(entry.label)] if entry.label else []
    facts += [say("deleted")] if entry.deleted else []
    became = activation(context.words, returned=entry.returned, undone=entry.undone)
    facts += [became] if became else []
    title = Markup("{} (#{})").format(name, entry.activation_id) if numbered else name
    return lines(title, entry.email and mail(context.words, entry.email), Markup(" · ").join(facts))


def _buttons(context: Context, found: History, before: int | None) -> Rows:
    """Return the buttons: at most four rows besides those of the people."""
    say, profile_id = context.words.say, found.profile_id
    newest = [] if before is None else [tap(say("« Newest"), "history", profile_id)]
    older = [button for row in older_button(context, found, "history") for button in row]
    exporting = [tap("CSV", "export", profile_id, "csv"), tap("XLSX", "export", profile_id, "xlsx")]
    back = tap(say("‹ Profile"), "profile", profile_id)
    returnable = found.editable and any(not entry.returned for entry in found.entries)
    here = [] if before is None else [before]
    may_open = Permission.MANAGE_PEOPLE in context.person.permissions
    return rows(
        *([_person(context, entry)] for entry in found.entries if may_open and not entry.deleted),
        newest + older,
        _others(context.words, found),
        [tap(say("Return an activation"), "returns", profile_id, *here)] if returnable else [],
        [*exporting, back] if found.entries else [back],
    )


def _others(words: Words, found: History) -> list[InlineKeyboardButton]:
    """Return the buttons to those who wait and to those who are missing; side by side, they are shorter."""
    waiting = waiting_row(words, found.profile_id, found.waiting + found.unconfirmed)
    missing = missing_row(words, found.profile_id, found.roster)
    if waiting and missing and found.roster:
        missing = [tap(words.say("Missing · {n}", n=found.roster.missing), "missing", found.profile_id)]
    return [*waiting, *missing]


def _person(context: Context, entry: Entry) -> InlineKeyboardButton:
    """Return the button that opens a learner's card."""
    at = context.words.moment(entry.at)
    name = shortened(f"{entry.first_name} {entry.last_name}".strip(), LONGEST_LABEL - len(at))
    return tap(f"{name} · {at}", "person", entry.user_id)


COMMANDS = (
    Command(
        name="history",
        handler=show,
        summary=N_("Show who signed up through a profile"),
        examples=("/history 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
        guided=(Part(N_("profile"), of=Choice.PROFILE),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "history": by_numbers(page, at_most=2),
}
