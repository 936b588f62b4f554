"""Who gets no message of those in a preview, and why: all of them, on pages."""

from collections.abc import Awaitable, Callable, Mapping

from bot.context import Context
from bot.handlers import link_mail_lists, reminder_choosing, reminders
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens.left_out import VERB, listing
from bot.screens.screen import Screen
from core.domain.left_out import PeopleLeftOut

OF: Mapping[str, Callable[[Context, str], Awaitable[PeopleLeftOut]]] = {  # by the verb that shows the preview
    "sendas": link_mail_lists.left_out,
    reminders.MISSING: reminders.left_out_of_missing,
    reminders.BEHIND_VERB: reminders.left_out_of_behind,
    reminder_choosing.VERB: reminder_choosing.left_out,
}


async def page(context: Context, data: str) -> Screen:
    """List those of a preview, from `<page>:<button that shows the preview>`."""
    wanted, _, back = data.partition(":")
    verb, _, arguments = back.partition(":")
    if not is_number(wanted) or verb not in OF:
        raise StaleButton
    return listing(context.words, await OF[verb](context, arguments), int(wanted), back)


BUTTONS: Mapping[str, ButtonHandler] = {VERB: page}
