"""Reminders in the chat: previewed, sent to who hasn't come, or is behind, if the person says so, and taken back."""

from collections.abc import Collection, Mapping, Sequence

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.link_mails import sending
from bot.handlers.progress import BEHIND
from bot.handlers.roster_links import profile_of
from bot.input.arguments import StaleButton, is_number
from bot.input.cohorts import read_cohort
from bot.input.moments import as_microseconds, read_microseconds
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler, of_roster
from bot.screens.left_out import to_left_out, to_lists
from bot.screens.link_cures import curing_row
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording import reminders as wording
from bot.wording.text import lines
from core.domain.left_out import LeftOut, PeopleLeftOut
from core.domain.rosters import RosterOf
from core.services import planned_reminders, reminders, roster_additions
from core.services.progress import Cohort, Which
from core.services.reminder_previews import Preview, Reminded

MISSING, BEHIND_VERB = "remind-missing", "remind-behind"


async def ask_about_missing(context: Context, of: RosterOf, through: int = 0) -> Screen:
    """Preview reminders to a roster's missing people; of a department, ask with which link if several lead there."""
    chosen = through or await profile_of(context, of, MISSING)
    if isinstance(chosen, Screen):
        return chosen
    found = await previewed_missing(context, of, chosen)
    of_link = roster_target(of), chosen
    further = about_link(context, found, of_link, asking=(MISSING, *of_link), adding=(f"{MISSING}-add", *of_link))
    return preview(context, found, (f"{MISSING}!", *of_link, found.seen), to_missing(context, of), further)


async def add_missing_to_lists(context: Context, data: str) -> Screen:
    """Put on lists which missing people these would refuse, and preview it again, from `roster:profile:seen`."""
    target, through, seen = _parts(data, 3)
    of = read_roster(target)
    if not is_number(through):
        raise StaleButton
    await context.write(roster_additions.add_missing, context.actor_id, of, int(through), context.now, seen=seen)
    return await ask_about_missing(context, of, int(through))


async def remind_missing(context: Context, data: str) -> Screen:
    """Send reminders to a roster's missing people, from `roster:profile:seen`."""
    target, through, seen = _parts(data, 3)
    of = read_roster(target)
    if not is_number(through):
        raise StaleButton
    done = await context.write(
        reminders.remind_missing, context.actor_id, of, int(through), context.now, sending(context), seen=seen
    )
    return missing_reminded(context, of, done)


async def ask_about_behind(context: Context, data: str) -> Screen:
    """Preview reminders to those of a cohort who are behind, from `cohort:which`."""
    target, name = _parts(data, 2)
    found = await previewed_behind(context, target, name)
    go, back = (f"{BEHIND_VERB}!", target, name, found.seen), to_behind(context, target, name)
    return preview(context, found, go, back, [to_left_out(context.words, found.left_out, BEHIND_VERB, target, name)])


async def remind_behind(context: Context, data: str) -> Screen:
    """Send reminders to those of a cohort who are behind, from `cohort:which:seen`."""
    target, name, seen = _parts(data, 3)
    cohort, which = read_behind(target, name)
    done = await context.write(
        reminders.remind_behind, context.actor_id, cohort, which, context.now, sending(context), seen=seen
    )
    return behind_reminded(context, target, name, done)


async def left_out_of_missing(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out, from `roster:profile`."""
    target, through = _parts(data, 2)
    if not is_number(through):
        raise StaleButton
    return (await previewed_missing(context, read_roster(target), int(through))).left_out


async def left_out_of_behind(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out, from `cohort:which`."""
    target, name = _parts(data, 2)
    return (await previewed_behind(context, target, name)).left_out


async def previewed_missing(
    context: Context, of: RosterOf, through: int, chosen: Collection[int] | None = None
) -> Preview:
    """Read what reminding a roster's missing people would do, or those `chosen` of them."""
    asked = context.actor_id, of, through, context.now, context.addresses.mails_a_day
    return await context.read(reminders.preview_missing, *asked, chosen=chosen)


async def previewed_behind(context: Context, target: str, name: str, chosen: Collection[int] | None = None) -> Preview:
    """Read what reminding those of a cohort who are behind would do, or those `chosen` of them."""
    asked = context.actor_id, *read_behind(target, name), context.now, context.addresses.mails_a_day
    return await context.read(reminders.preview_behind, *asked, chosen=chosen)


async def undo_missing(context: Context, data: str) -> Screen:
    """Take back reminders to a roster's missing people, from `roster:moment`."""
    target, moment = _parts(data, 2)
    return await _undone(context, moment, to_missing(context, read_roster(target)))


async def undo_behind(context: Context, data: str) -> Screen:
    """Take back reminders to those of a cohort who are behind, from `cohort:which:moment`."""
    target, name, moment = _parts(data, 3)
    read_behind(target, name)
    return await _undone(context, moment, to_behind(context, target, name))


def about_link(
    context: Context,
    found: Preview,
    of_link: tuple[str, int],
    *,
    asking: tuple[object, ...],
    adding: tuple[str, *tuple[object, ...]],
) -> Rows:
    """Return rows of buttons for those of a roster's people who can't come by the link of a profile, `of_link`.

    `asking` shows the preview again, `adding` puts on lists whom these would refuse: verbs with their arguments.
    """
    return rows(
        curing_row(context, found.closed, of_link[1], *asking),
        to_lists(context.words, found.unlisted.seen, *adding),
        [tap(context.words.say("Send by email"), "sendmissing", *of_link)]
        if LeftOut.WITHDRAWN in found.left_out
        else [],
        to_left_out(context.words, found.left_out, *asking),
    )


def preview(
    context: Context,
    found: Preview,
    go: tuple[object, ...],
    back: InlineKeyboardButton,
    further: Sequence[Sequence[InlineKeyboardButton]] = (),
) -> Screen:
    """Say what reminding people would do; the button of the verb and arguments `go` does it, if it can be done.

    `further` are rows of buttons above these.
    """
    verb, *arguments = go
    label = context.words.count("Remind {number} person", "Remind {number} people", found.new)
    sending_them = [tap(label, str(verb), *arguments, style="success")] if wording.can_be_sent(found) else []
    return Screen(text=wording.described(context.words, found), rows=rows(*further, sending_them, [back]))


def missing_reminded(context: Context, of: RosterOf, done: Reminded) -> Screen:
    """Say that people of a roster get reminders, which can be taken back until they are sent."""
    return _done(context, done, (MISSING, roster_target(of)), to_missing(context, of))


def behind_reminded(context: Context, target: str, name: str, done: Reminded) -> Screen:
    """Say that people of a cohort get reminders, which can be taken back until they are sent."""
    return _done(context, done, (BEHIND_VERB, target, name), to_behind(context, target, name))


def _done(context: Context, done: Reminded, of: tuple[str, ...], back: InlineKeyboardButton) -> Screen:
    told = wording.reminded(context.words, done.people, done.at)
    verb, *arguments = of
    waits = done.at > context.now  # what goes out at once is sent before anybody can take it back
    undo = tap(context.words.say("Undo"), f"{verb}-undo", *arguments, as_microseconds(context.now)) if waits else None
    text = lines(
        told, wording.without_mail(context.words, done.without_mail), wording.can_be_undone(context.words, done.at)
    )
    return Screen(text=text, rows=rows([undo], [back]))


async def _undone(context: Context, moment: str, back: InlineKeyboardButton) -> Screen:
    at, actor_id = read_microseconds(moment), context.actor_id
    done = await context.write(planned_reminders.take_back, actor_id, actor_id, at, context.now)
    return Screen(text=wording.taken_back(context.words, done), rows=rows([back]))


def to_missing(context: Context, of: RosterOf) -> InlineKeyboardButton:
    """Return the button back to a roster's missing people."""
    return tap(context.words.say("‹ Who's missing"), "missing", roster_target(of))


def to_behind(context: Context, target: str, name: str) -> InlineKeyboardButton:
    """Return the button back to those of a cohort who are behind."""
    return tap(context.words.say("‹ Back"), "progress-who", target, name, 0, 0)


def _parts(data: str, number: int) -> list[str]:
    parts = data.split(":")
    if len(parts) != number:
        raise StaleButton
    return parts


def read_behind(target: str, name: str) -> tuple[Cohort, Which]:
    """Read whose people a button is about, and which of them. Raises StaleButton."""
    if name not in BEHIND:
        raise StaleButton
    return read_cohort(target), BEHIND[name]


BUTTONS: Mapping[str, ButtonHandler] = {
    MISSING: of_roster(ask_about_missing, at_most=1),
    f"{MISSING}!": remind_missing,
    f"{MISSING}-add": add_missing_to_lists,
    f"{MISSING}-undo": undo_missing,
    BEHIND_VERB: ask_about_behind,
    f"{BEHIND_VERB}!": remind_behind,
    f"{BEHIND_VERB}-undo": undo_behind,
}
