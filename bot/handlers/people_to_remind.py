"""People who can be chosen to be reminded: a roster's missing people, or those of a cohort who are behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.link_mails import sending
from bot.handlers.reminders import (
    about_link,
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
from bot.input.roster_targets import read_roster, roster_target
from bot.screens.left_out import to_left_out
from bot.screens.lists import LONGEST_ENTRY
from bot.screens.screen import Screen
from bot.wording.phrases import Words
from bot.wording.reminders import not_missing
from bot.wording.text import lines, shortened
from core.domain.addresses import told_apart
from core.domain.rosters import RosterOf
from core.services import progress, reminders, rosters
from core.services.reminder_previews import Preview

A_PAGE = 5  # with the rows below them they are within a phone
VERB, CONFIRMED, ADDING = "remind-list", "remind-some!", "remind-some-add"
NO_PROFILE = 0  # in a button's data: those behind need no link, and of a roster it isn't chosen yet


@dataclass(frozen=True, kw_only=True)
class View:
    """Whose list it is: a roster's missing people, or (`which`) those of a cohort who are behind; its page, the ticks.

    The page follows the number `after`; `marked` are the numbers of those who are ticked. `unclear`: typed names of
    which it is still to be asked whom they mean; `not_missing`: typed pieces that name nobody who is missing.
    """

    target: str
    which: str = ""
    after: int = 0
    marked: tuple[int, ...] = ()
    unclear: tuple[str, ...] = ()
    not_missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "View":
        """Return the view that a kept list had."""
        lists = {name: tuple(body.get(name, ())) for name in ("marked", "unclear", "not_missing")}
        return cls(target=body["target"], which=body["which"], after=body["after"], **lists)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Who can be ticked on a page, by number and label; `last` is the next page's `after`, None on the last one."""

    people: Sequence[tuple[int, str]]
    last: int | None


class Whom(Protocol):
    """People who can be chosen to be reminded: a roster's missing people, or those of a cohort who are behind."""

    async def page(self, context: Context, after: int) -> Page:
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

    async def page(self, context: Context, after: int) -> Page:
        found = await context.read(rosters.missing, context.actor_id, self.of, after=after, size=A_PAGE)
        people = [(each.number, _label(each.name, each.email)) for each in found.people if each.email]
        return Page(people=people, last=found.last)

    async def ask(self, context: Context, list_id: int, chosen: Sequence[int]) -> Screen:
        """Preview them; of a department, ask with which link if several lead there."""
        profile = self.through or await profile_of(context, self.of, VERB, carried=(list_id, "ask"))
        if isinstance(profile, Screen):
            return profile
        found = await replace(self, through=profile).preview(context, chosen)
        further = about_link(
            context,
            found,
            (roster_target(self.of), profile),
            asking=(VERB, list_id, "ask", profile),
            adding=(ADDING, list_id, profile),
        )
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

    async def page(self, context: Context, after: int) -> Page:
        asked = context.actor_id, *read_behind(self.target, self.name), context.now
        found = await context.read(progress.page, *asked, after=after, size=A_PAGE)
        people = [(each.user_id, _label(each.name, each.email)) for each in found.people if each.email]
        return Page(people=people, last=found.last)

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


def whom_of(view: View, through: int = NO_PROFILE) -> Whom:
    """Return whose list it is; of a roster, with the link of the profile by which they are to come, if it is chosen."""
    if view.which:
        return _Behind(target=view.target, name=view.which)
    return _Missing(of=read_roster(view.target), through=through)


async def ask(context: Context, list_id: int, view: View, through: int = NO_PROFILE) -> Screen:
    """Preview reminders to those who are ticked on a kept list, and say which typed pieces name nobody missing."""
    return with_not_missing(context.words, view, await whom_of(view, through).ask(context, list_id, view.marked))


def with_not_missing(words: Words, view: View, screen: Screen) -> Screen:
    """Say below a screen which typed pieces name nobody who is missing, if some do."""
    if not view.not_missing:
        return screen
    return replace(screen, text=lines(screen.text, not_missing(words, view.not_missing)))


def _label(name: str, email: str) -> str:
    return shortened(name or told_apart(email), LONGEST_ENTRY)
