"""Lists of expected people that were pasted or sent as files: previewed, and kept if the person says so.

Until then nothing of a list is kept but where it can be read again: each tap reads it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context, FileUnavailable
from bot.handlers import list_questions, received_lists
from bot.handlers.newest_profiles import newest_profiles
from bot.handlers.received_lists import UNREADABLE, ask_again, asked_again, unavailable
from bot.handlers.rosters import asked, expect, for_named
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.left_out import to_left_out
from bot.screens.roster_lockouts import question
from bot.screens.screen import Rows, Screen, rows, tap, to_home
from bot.wording.left_out import described
from bot.wording.phrases import N_
from bot.wording.roster_lists import coming_off, held, keeping, kept, title
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.domain.left_out import PeopleLeftOut
from core.domain.rosters import RosterOf
from core.rosters.people_lists import PeopleList
from core.services import awaited_lists, roster_lists, roster_lockouts, rosters
from core.services.awaited_lists import Awaited
from core.services.questions import About
from core.services.roster_lists import Preview
from core.services.roster_lockouts import LockedOut, Lockout

ONLY_THESE = 1  # of the switch, in a button's data: on, but nothing was asked yet
LOCKOUTS = {2: Lockout.ACCEPT, 3: Lockout.ADD}  # on, with the answer about those who would be locked out
CLOSING = {0: None, ONLY_THESE: Lockout.ACCEPT, **LOCKOUTS}  # nobody is locked out if nothing was asked


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the buttons of a preview carry: the column of the addresses (from 1, 0: as found), and three switches."""

    email: int = 0
    only: int = 0
    suspended: int = 0
    swapped: int = 0

    @property
    def arguments(self) -> tuple[int, int, int, int]:
        """The numbers in a button's data."""
        return self.email, self.only, self.suspended, self.swapped


async def received(context: Context, text: str, *, later: bool) -> Screen | None:
    """Preview a list: a file, or a text that was asked for; None for any other text, and if it names nobody.

    `later`: although something else came in between.
    """
    waiting = await list_questions.awaited(context, About.ROSTER, later=later)
    if waiting is None:
        return None if context.file is None else await _for_which_profile(context)
    return await answered(context, text, waiting)


async def answered(context: Context, text: str, waiting: Awaited) -> Screen | None:
    """Preview a list that was asked for, a file or a text; None if a text names nobody."""
    try:
        taken = await received_lists.take(context, About.ROSTER, text, waiting)
    except UNREADABLE as refused:
        return asked_again(context, refused, await _question(context, waiting))
    except FileUnavailable:
        return unavailable(context, waiting.of)
    return None if taken is None else await first_shown(context, *taken)


async def expect_file(context: Context, text: str) -> Screen:
    """Preview the file below which the line stands, as the list of a profile's or a department's expected people."""
    return await for_named(context, text, ("expect",), _of_file)


async def _of_file(context: Context, of: RosterOf) -> Screen:
    waiting = Awaited(question_id=0, of=of, body={})
    return await answered(context, "", waiting) or await _question(context, waiting)


async def again(context: Context, text: str) -> Screen | None:
    """Ask for the list again after a text that names nobody; None if none was asked for just before."""
    return await ask_again(context, About.ROSTER, text, _question)


async def _question(context: Context, waiting: Awaited) -> Screen:
    found = await context.read(rosters.show, context.actor_id, waiting.of)
    return await asked(context, found)


async def first_shown(context: Context, kept: Awaited, found: PeopleList) -> Screen:
    """Preview a list that has just come: whether others can sign up stays as it is."""
    roster = await context.read(rosters.show, context.actor_id, kept.of)
    return await _preview(context, kept, found, Choices(only=int(roster.only_expected)))


async def _for_which_profile(context: Context) -> Screen | None:
    """Ask what an unexpected file is for: a profile, or the tree of departments. It has to be sent again then."""
    found = await newest_profiles(context, "expect", lambda label, number: tap(label, "expect", number))
    say, may_add = context.words.say, Permission.MANAGE_DEPARTMENTS in context.person.permissions
    if not (found.rows or may_add):
        return None
    expected = say(
        "If this is a list of people whom you expect: through which profile? Choose it, then send the file again."
    )
    tree = say("If it is a list of departments, choose that, then send it again.")
    return Screen(
        text=lines(expected if found.rows else None, found.others, tree if may_add else None),
        rows=rows(
            *found.rows,
            [tap(say("➕ Add departments"), "open", "adddepartment")] if may_add else [],
            [to_home(context.words)],
        ),
    )


async def show(context: Context, data: str) -> Screen:
    """Preview a list again with other choices."""
    sent, choices = await _shown(context, data)
    try:
        return await _preview(
            context,
            sent,
            await _read(context, sent, choices),
            choices,
        )
    except FileUnavailable:
        return unavailable(context, sent.of)


async def left_out(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out. Raises StaleButton, FileUnavailable."""
    sent, choices = await _shown(context, data)
    found = await _read(context, sent, choices)
    return (await _previewed(context, sent, found, choices)).left_out


async def _shown(context: Context, data: str) -> tuple[Awaited, Choices]:
    """Return the list of a preview that a button shows, and its choices, without an answer about who is locked out."""
    question_id, carried, _ = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.ROSTER, question_id, context.now)
    return sent, replace(carried, only=min(carried.only, ONLY_THESE))


async def _previewed(context: Context, sent: Awaited, found: PeopleList, choices: Choices) -> Preview:
    people, aside = received_lists.chosen(found, choices.suspended)
    asked = context.actor_id, sent.of, people
    return await context.read(roster_lists.preview, *asked, suspended=aside, only=bool(choices.only))


async def _read(context: Context, sent: Awaited, choices: Choices) -> PeopleList:
    return await received_lists.read(context, sent, email=choices.email, swapped=choices.swapped)


async def keep(context: Context, data: str) -> Screen:
    """Keep a list that was previewed, besides what there is."""
    return await _keep(context, data, instead=False)


async def keep_instead(context: Context, data: str) -> Screen:
    """Keep a list that was previewed, in place of what there is."""
    return await _keep(context, data, instead=True)


async def cancel(context: Context, question_id: int) -> Screen:
    """Keep nothing of a list."""
    of = await context.write(awaited_lists.dismiss, context.actor_id, About.ROSTER, question_id, context.now)
    found = await context.read(rosters.show, context.actor_id, of)
    return await asked(context, found, toast=context.words.say("Nothing was kept."))


async def _keep(context: Context, data: str, *, instead: bool) -> Screen:
    question_id, choices, seen = _arguments(data)
    sent = await context.read(awaited_lists.sent, context.actor_id, About.ROSTER, question_id, context.now)
    try:
        found = await _read(context, sent, choices)
    except FileUnavailable:
        return unavailable(context, sent.of)
    people, _ = received_lists.chosen(found, choices.suspended)
    if choices.only == ONLY_THESE:
        about = context.actor_id, sent.of, people, context.now
        locked_out = await context.read(roster_lockouts.of_list, *about, replace=instead)
        if locked_out.people:
            return _locking_out(context, question_id, choices, seen, locked_out, instead=instead)
    kept = await context.write(
        roster_lists.keep,
        context.actor_id,
        question_id,
        people,
        context.now,
        seen=seen,
        replace=instead,
        closing=CLOSING[choices.only],
    )
    return await asked(context, kept, toast=context.words.say("Kept."))


def _locking_out(
    context: Context, question_id: int, choices: Choices, seen: str, found: LockedOut, *, instead: bool
) -> Screen:
    """Ask what becomes of those whom the list would lock out, as the card's switch does."""
    verb, marked = "rinstead" if instead else "rkeep", roster_lists.marked(seen, found.seen)
    carried = {
        answer: ":".join(map(str, (verb, question_id, *replace(choices, only=only).arguments, marked)))
        for only, answer in LOCKOUTS.items()
    }
    back = tap(context.words.say("‹ Back"), "rlist", question_id, *choices.arguments, "")
    return question(context.words, found, add=carried[Lockout.ADD], accept=carried[Lockout.ACCEPT], back=back)


def _arguments(data: str) -> tuple[int, Choices, str]:
    *numbers, seen = data.split(":")
    if len(numbers) != 1 + len(Choices().arguments) or not all(map(is_number, numbers)):
        raise StaleButton
    question_id, email, only, suspended, swapped = map(int, numbers)
    if only not in CLOSING:
        raise StaleButton
    return question_id, Choices(email=email, only=only, suspended=suspended, swapped=swapped), seen


async def _preview(context: Context, sent: Awaited, found: PeopleList, choices: Choices) -> Screen:
    words, file = context.words, str(sent.body.get("name", ""))
    preview = await _previewed(context, sent, found, choices)
    return Screen(
        text=lines(
            title(words, file, found),
            *kept(words, preview),
            *described(words, preview.left_out),
            *coming_off(words, preview),
            *held(words, file, found),
            "",
            words.say("For {name}. Nothing is kept yet.", name=isolate(preview.roster.name)),
        ),
        rows=_buttons(context, sent, found, preview, choices),
    )


def _buttons(context: Context, sent: Awaited, found: PeopleList, preview: Preview, choices: Choices) -> Rows:
    say, question = context.words.say, sent.question_id

    def again(label: Markup, **changes: int) -> InlineKeyboardButton:
        return tap(label, "rlist", question, *replace(choices, **changes).arguments, "")

    carried = (question, *choices.arguments)
    label = keeping(context.words, preview) if preview.new or preview.changed else say("Keep the list")
    instead = say("Replace the list of {number} by it", number=preview.roster.expected)
    only = say("Only these: on") if choices.only else say("Only these: off")
    switch = received_lists.suspended_label(context.words, choices.suspended)
    other = received_lists.next_column(context.words, found, choices.email)
    swapping = received_lists.swap_label(context.words, found)
    return rows(
        [tap(label, "rkeep", *carried, preview.seen, style="success")] if preview.people else [],
        [tap(instead, "rinstead", *carried, preview.seen_instead)]
        if preview.people and preview.roster.expected
        else [],
        [again(other[0], email=other[1])] if other else [],
        [again(swapping, swapped=int(not choices.swapped))] if swapping else [],
        [again(only, only=int(not choices.only))] if preview.people else [],
        [again(switch, suspended=int(not choices.suspended))] if found.suspended else [],
        to_left_out(context.words, preview.left_out, "rlist", *carried, ""),
        [tap(say("Cancel"), "rcancel", question)],
    )


COMMANDS = (
    Command(
        name="expect",
        handler=expect,
        summary=N_("Say whom you expect through a profile or in a department"),
        examples=("/expect 1", "/expect Sales / EMEA"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
        guided=(Part(N_("department"), of=Choice.DEPARTMENT),),
        opens=expect,
        reads_file=expect_file,
        file_part=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "rlist": show,
    "rkeep": keep,
    "rinstead": keep_instead,
    "rcancel": by_number(cancel),
}
