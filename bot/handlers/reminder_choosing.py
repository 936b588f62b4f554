"""Whom to remind, chosen one by one: ticked on the list of the missing or of those behind, or typed after `/missing`.

Who is ticked is kept with what the list shows, because a button holds 64 bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.link_mails import sending
from bot.handlers.received_lists import expectations
from bot.handlers.reminders import (
    behind_reminded,
    missing_reminded,
    preview,
    previewed_behind,
    previewed_missing,
    read_behind,
    to_behind,
    to_missing,
)
from bot.handlers.roster_links import profile_of
from bot.input.arguments import StaleButton, UsageError, is_number
from bot.input.people_typed import pieces_of
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler
from bot.screens.left_out import to_left_out
from bot.screens.link_cures import curing_row
from bot.screens.lists import LONGEST_ENTRY, marked
from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording.labels import COMMA
from bot.wording.text import isolate, lines, shortened
from core.domain.addresses import told_apart
from core.domain.left_out import PeopleLeftOut
from core.domain.rosters import RosterOf
from core.rosters.addresses_in_text import addresses_in
from core.services import progress, questions, reminders, rosters
from core.services.questions import About
from core.services.reminder_previews import Preview

A_PAGE = 5  # with the rows below them they are within a phone
NAMED = 5  # of typed pieces that name nobody missing
BEGIN, VERB, CONFIRMED = "remind-some", "remind-list", "remind-some!"
NO_PROFILE = 0  # in a button's data: those behind need no link, and of a roster it isn't chosen yet


@dataclass(frozen=True, kw_only=True)
class View:
    """Whose list it is: a roster's missing people, or (`which`) those of a cohort who are behind; its page, the ticks.

    The page follows the number `after`; `marked` are the numbers of those who are ticked.
    """

    target: str
    which: str = ""
    after: int = 0
    marked: tuple[int, ...] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "View":
        """Return the view that a kept list had."""
        return cls(target=body["target"], which=body["which"], after=body["after"], marked=tuple(body["marked"]))


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Who can be ticked on a page, by number and label; `last` is the next page's `after`, None on the last one."""

    people: Sequence[tuple[int, str]]
    last: int | None


class _Whom(Protocol):
    """People who can be chosen to be reminded: a roster's missing people, or those of a cohort who are behind."""

    async def page(self, context: Context, after: int) -> _Page:
        """Read who has an address on the page that follows a number."""

    async def ask(self, context: Context, list_id: int, chosen: Sequence[int]) -> Screen:
        """Preview reminders to those who were chosen on a kept list."""

    async def preview(self, context: Context, chosen: Sequence[int]) -> Preview:
        """Read what reminding those who were chosen would do; of a department, once it is known with which link."""

    async def remind(self, context: Context, chosen: Sequence[int], seen: str) -> Screen:
        """Remind those who were chosen, if the preview still holds."""

    def back(self, context: Context) -> InlineKeyboardButton:
        """Return the button back to all of them."""


@dataclass(frozen=True, kw_only=True)
class _Missing:
    """A roster's missing people, and with the link of which profile they are reminded."""

    of: RosterOf
    through: int

    async def page(self, context: Context, after: int) -> _Page:
        found = await context.read(rosters.missing, context.actor_id, self.of, after=after, size=A_PAGE)
        people = [(each.number, _label(each.name, each.email)) for each in found.people if each.email]
        return _Page(people=people, last=found.last)

    async def ask(self, context: Context, list_id: int, chosen: Sequence[int]) -> Screen:
        """Preview them; of a department, ask with which link if several lead there."""
        profile = self.through or await profile_of(context, self.of, VERB, list_id, "ask")
        if isinstance(profile, Screen):
            return profile
        found = await replace(self, through=profile).preview(context, chosen)
        again = VERB, list_id, "ask", profile
        further = [
            curing_row(context, found.closed, profile, *again),
            to_left_out(context.words, found.left_out, *again),
        ]
        return preview(context, found, (CONFIRMED, list_id, profile, found.seen), self.back(context), further)

    async def preview(self, context: Context, chosen: Sequence[int]) -> Preview:
        return await previewed_missing(context, self.of, self.through, chosen)

    async def remind(self, context: Context, chosen: Sequence[int], seen: str) -> Screen:
        asked = context.actor_id, self.of, self.through, context.now, sending(context)
        done = await context.write(reminders.remind_missing, *asked, seen=seen, chosen=chosen)
        return missing_reminded(context, self.of, done)

    def back(self, context: Context) -> InlineKeyboardButton:
        return to_missing(context, self.of)


@dataclass(frozen=True, kw_only=True)
class _Behind:
    """Those of a cohort who are behind, as a button names them."""

    target: str
    name: str

    async def page(self, context: Context, after: int) -> _Page:
        asked = context.actor_id, *read_behind(self.target, self.name), context.now
        found = await context.read(progress.page, *asked, after=after, size=A_PAGE)
        people = [(each.user_id, _label(each.name, each.email)) for each in found.people if each.email]
        return _Page(people=people, last=found.last)

    async def ask(self, context: Context, list_id: int, chosen: Sequence[int]) -> Screen:
        found = await self.preview(context, chosen)
        further = [to_left_out(context.words, found.left_out, VERB, list_id, "ask", NO_PROFILE)]
        return preview(context, found, (CONFIRMED, list_id, NO_PROFILE, found.seen), self.back(context), further)

    async def preview(self, context: Context, chosen: Sequence[int]) -> Preview:
        return await previewed_behind(context, self.target, self.name, chosen)

    async def remind(self, context: Context, chosen: Sequence[int], seen: str) -> Screen:
        asked = context.actor_id, *read_behind(self.target, self.name), context.now, sending(context)
        done = await context.write(reminders.remind_behind, *asked, seen=seen, chosen=chosen)
        return behind_reminded(context, self.target, self.name, done)

    def back(self, context: Context) -> InlineKeyboardButton:
        return to_behind(context, self.target, self.name)


def _whom(view: View, through: int = NO_PROFILE) -> _Whom:
    if view.which:
        return _Behind(target=view.target, name=view.which)
    return _Missing(of=read_roster(view.target), through=through)


async def begin(context: Context, data: str) -> Screen:
    """Let people be ticked on a list, from `roster` or `cohort:which`."""
    target, _, which = data.partition(":")
    return await _show(context, View(target=target, which=which))


async def tapped(context: Context, data: str) -> Screen:
    """Answer a tap on the list: `<kept list>:<verb>:<number>`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [list_id, verb, argument] if is_number(list_id) and is_number(argument):
            view = await _kept(context, int(list_id))
            return await _moved(context, int(list_id), view, verb, int(argument))
    raise StaleButton


async def left_out(context: Context, data: str) -> PeopleLeftOut:
    """Return whom the preview that a button shows leaves out, from `kept list:ask:profile`. Raises StaleButton."""
    match data.split(":"):
        case [list_id, "ask", through] if is_number(list_id) and is_number(through):
            view = await _kept(context, int(list_id))
            return (await _whom(view, int(through)).preview(context, view.marked)).left_out
    raise StaleButton


async def remind(context: Context, data: str) -> Screen:
    """Remind those who are ticked, from `kept list:profile:seen`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [list_id, through, seen] if is_number(list_id) and is_number(through):
            view = await _kept(context, int(list_id))
            return await _whom(view, int(through)).remind(context, view.marked, seen)
    raise StaleButton


async def ask_anew(context: Context, data: str) -> Screen:
    """Preview reminders to those who are ticked anew, from `kept list:profile:seen`."""
    list_id, through, _ = data.split(":")
    view = await _kept(context, int(list_id))
    return await _whom(view, int(through)).ask(context, int(list_id), view.marked)


async def typed(context: Context, of: RosterOf, *, whom: str) -> Screen:
    """Preview reminders to the missing people whose addresses or phone numbers a text names; if it is empty, tick them.

    Raises UsageError if it has neither.
    """
    if not whom:
        return await begin(context, roster_target(of))
    pieces = pieces_of(whom, await expectations(context, of))
    sought = sorted({known_by for known_by in pieces.values() if known_by})
    if not sought and not any(addresses_in(whom)):
        raise UsageError
    found = await context.read(rosters.missing_with, context.actor_id, of, sought)
    others = [piece for piece, known_by in pieces.items() if known_by not in found]
    note = [_not_missing(context, others)] if others else []
    if not found:
        return Screen(text=lines(*note), rows=rows([to_missing(context, of)]))
    view = View(target=roster_target(of), marked=tuple(sorted(found.values())))
    asked = await _whom(view).ask(context, await _keep(context, view), view.marked)
    return replace(asked, text=lines(asked.text, *note))


def _not_missing(context: Context, pieces: Sequence[str]) -> Markup:
    named = [isolate(shortened(piece, LONGEST_ENTRY)) for piece in pieces[:NAMED]]
    more = [Markup("…")] if len(pieces) > NAMED else []
    return context.words.say("Not among the missing: {who}", who=COMMA.join([*named, *more]))


async def _moved(context: Context, list_id: int, view: View, verb: str, argument: int) -> Screen:
    match verb:
        case "after":
            return await _show(context, replace(view, after=argument))
        case "mark":
            return await _show(context, replace(view, marked=tuple(sorted({*view.marked} ^ {argument}))))
        case "ask" if view.marked:
            return await _whom(view, argument).ask(context, list_id, view.marked)
    raise StaleButton


async def _show(context: Context, view: View) -> Screen:
    """Show a page of the list with its ticks."""
    page = await _whom(view).page(context, view.after)
    title = context.words.count("{number} person selected", "{number} people selected", len(view.marked))
    hint = context.words.say("Tap people to select them, on several pages, too.")
    nobody = None if page.people or page.last else context.words.say("Nobody now.")
    return Screen(
        text=lines(Markup("<b>{}</b>").format(title), "", nobody or hint),
        rows=_rows(context, view, page, await _keep(context, view)),
    )


def _rows(context: Context, view: View, page: _Page, list_id: int) -> Rows:
    say, number = context.words.say, len(view.marked)
    marks = ([_tap(list_id, marked(name, on=each in view.marked), "mark", each)] for each, name in page.people)
    first = [_tap(list_id, say("« First"), "after", 0)] if view.after else []
    more = [_tap(list_id, say("More ›"), "after", page.last)] if page.last is not None else []
    label = context.words.count("Remind {number} person", "Remind {number} people", number)
    return rows(
        *marks,
        first + more,
        [_tap(list_id, label, "ask", NO_PROFILE)] if number else [],
        [_whom(view).back(context)],
    )


def _label(name: str, email: str) -> str:
    return shortened(name or told_apart(email), LONGEST_ENTRY)


def _tap(list_id: int, label: Markup | str, verb: str, argument: int) -> InlineKeyboardButton:
    return tap(label, VERB, list_id, verb, argument)


async def _keep(context: Context, view: View) -> int:
    """Keep what a list shows. Not the update's effect: it may be kept twice."""
    return await context.engine.write(questions.ask, context.actor_id, About.TO_REMIND, asdict(view), context.now)


async def _kept(context: Context, list_id: int) -> View:
    return View.of(await context.read(questions.read, context.actor_id, list_id, About.TO_REMIND, context.now))


BUTTONS: Mapping[str, ButtonHandler] = {
    BEGIN: begin,
    VERB: tapped,
    CONFIRMED: remind,
}
