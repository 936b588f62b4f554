"""Who is left out of those in a preview, and why: all of them, on pages."""

from collections.abc import Awaitable, Callable, Mapping

from bot.context import Context, FileUnavailable
from bot.handlers import link_mail_lists, link_resending, people_to_remind, reminder_choosing, reminders, roster_lists
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens.left_out import VERB, listing, unavailable
from bot.screens.screen import Screen
from core.domain.left_out import PeopleLeftOut

OF: Mapping[str, Callable[[Context, str], Awaitable[PeopleLeftOut]]] = {  # by the verb that shows the preview
    "rlist": roster_lists.left_out,
    "sendagain": link_resending.left_out,
    "sendas": link_mail_lists.left_out,
    reminders.MISSING: reminders.left_out_of_missing,
    reminders.BEHIND_VERB: reminders.left_out_of_behind,
    people_to_remind.VERB: reminder_choosing.left_out,
}


async def page(context: Context, data: str) -> Screen:
    """List those of a preview, from `<page>:<button that shows the preview>`."""
    wanted, _, back = data.partition(":")
    verb, _, arguments = back.partition(":")
    if not is_number(wanted) or verb not in OF:
        raise StaleButton
    try:
        return listing(context.words, await OF[verb](context, arguments), int(wanted), back)
    except FileUnavailable:
        return unavailable(context.words, back)


BUTTONS: Mapping[str, ButtonHandler] = {VERB: page}
