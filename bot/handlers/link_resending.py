"""A profile's link sent again by e-mail to who hasn't signed up; from a roster's screen, to its people alone."""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers.link_mails import curing, link_of, read, sending, shown
from bot.input.link_targets import LinkTarget, read_link
from bot.menu.buttons import ButtonHandler, of_link, of_seen_link
from bot.screens.left_out import to_left_out, to_lists
from bot.screens.screen import Screen, rows, tap
from bot.wording import link_mails as wording
from bot.wording.left_out import described, refusing
from bot.wording.text import lines
from core.domain.left_out import PeopleLeftOut
from core.services import link_resending
from core.services.link_letters import SENDABLE
from core.services.link_mails import LinkMails


async def ask(context: Context, link: LinkTarget) -> Screen:
    """Ask whether to send the link again, and name the first to whom."""
    return _asked(context, await read(context, link))


def _asked(context: Context, found: LinkMails) -> Screen:
    say, link = context.words.say, link_of(found).arguments
    limits = say("Nobody gets it twice within a day, or more than five times.")
    confirmed_by = tap(say("Send again"), "sentagain", *link, found.seen, style="success")
    return Screen(
        text=lines(
            *wording.again(context.words, found),
            *described(context.words, found.left_out),
            *refusing(context.words, found.unlisted),
            limits,
            wording.closed(context.words, found.state),
        ),
        rows=rows(
            curing(context, found, "sendagain"),
            [confirmed_by] if found.resendable and found.state in SENDABLE else [],
            to_lists(context.words, found.unlisted.seen, "sendagain-add", *link),
            to_left_out(context.words, found.left_out, "sendagain", *link),
            [tap(say("‹ Back"), "send", *link)],
        ),
    )


async def left_out(context: Context, data: str) -> PeopleLeftOut:
    """Return to whom the question that a button shows doesn't send the link again."""
    return (await read(context, read_link(data))).left_out


async def add_to_lists(context: Context, link: LinkTarget, seen: str) -> Screen:
    """Put on lists whom these would refuse, and ask again whether to send the link."""
    asked = context.actor_id, link.profile_id, context.now
    return _asked(context, await context.write(link_resending.add_to_lists, *asked, seen=seen, of=link.of))


async def again(context: Context, link: LinkTarget, seen: str) -> Screen:
    """Send the link again to those who haven't signed up."""
    asked = context.actor_id, link.profile_id, context.now, sending(context)
    found = await context.write(link_resending.resend, *asked, seen=seen, of=link.of)
    return await shown(context, found, toast=context.words.say("Queued. Refresh shows what becomes of it."))


BUTTONS: Mapping[str, ButtonHandler] = {
    "sendagain": of_link(ask),
    "sendagain-add": of_seen_link(add_to_lists),
    "sentagain": of_seen_link(again),
}
