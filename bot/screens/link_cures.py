"""The buttons that open a closed link where it is to be used, and lead back to where one was."""

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.access_requests import curing
from bot.screens.screen import tap
from core.domain.access import Permission
from core.domain.access_requests import CURES, Cure
from core.domain.links import LinkState

VERB = "cure"
OFFERED = (Cure.PLACES, Cure.WEEK, Cure.RESUME, Cure.SWITCH_ON)  # a button carries the place of one


def curing_row(context: Context, state: LinkState | None, profile_id: int, *back: object) -> list[InlineKeyboardButton]:
    """Return what opens the link of a profile in a state, as far as the person may; `back` leads to where one was."""
    may_switch = Permission.MANAGE_ACCOUNT in context.person.permissions
    possible = CURES.get(state, ()) if state else ()
    return [
        tap(curing(context.words, cure), VERB, OFFERED.index(cure), profile_id, *back, style="success")
        for cure in possible
        if cure in OFFERED and (may_switch or cure is not Cure.SWITCH_ON)
    ]
