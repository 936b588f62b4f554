"""Who came, and is on no list of those who were expected."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.rosters import headline
from bot.input.roster_targets import roster_target
from bot.menu.buttons import ButtonHandler, of_roster
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap
from bot.wording.addresses import mail
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.rosters import RosterOf
from core.services import unlisted_arrivals
from core.services.rosters import Roster
from core.services.unlisted_arrivals import Unlisted

VERB = "unlisted"


def counted(words: Words, roster: Roster) -> Markup | None:
    """Say how many came without being on the list, if anybody did."""
    return words.say("On no list here, but came: {number}", number=roster.unexpected) if roster.unexpected else None


def to_them(words: Words, roster: Roster) -> InlineKeyboardButton | None:
    """Return the button to those who came without being on the list, if anybody did."""
    if not roster.unexpected:
        return None
    return tap(words.say("On no list · {number}", number=roster.unexpected), VERB, roster_target(roster.of))


async def page(context: Context, of: RosterOf, before: int | None = None) -> Screen:
    """Show a page of them, older than an activation."""
    found = await context.read(unlisted_arrivals.page, context.actor_id, of, before=before)
    say, target = context.words.say, roster_target(of)
    may_open = Permission.MANAGE_PEOPLE in context.person.permissions
    newest = None if before is None else tap(say("« Newest"), VERB, target)
    older = tap(say("Older ›"), VERB, target, found.older_than) if found.older_than else None
    return Screen(
        text=lines(
            headline(context.words, found.roster),
            counted(context.words, found.roster) or say("Everybody who came is on a list here."),
            "",
            *(_person(context, each) for each in found.people),
        ),
        rows=rows(
            *([_to_person(each)] for each in found.people if may_open),
            [newest, older],
            [tap(say("‹ Who's missing"), "missing", target)],
        ),
    )


def _person(context: Context, person: Unlisted) -> Markup:
    named = [isolate(person.name), mail(context.words, person.email) if person.email else None]
    return Markup("{} · {}").format(Markup(", ").join(filter(None, named)), context.words.moment(person.at))


def _to_person(person: Unlisted) -> InlineKeyboardButton:
    return tap(shortened(person.name, LONGEST_LABEL), "person", person.user_id)


BUTTONS: Mapping[str, ButtonHandler] = {VERB: of_roster(page, at_most=1)}
