"""Reminders that managers sent and that wait for their hour: a list, on which each batch can be taken back."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.input.moments import as_microseconds, read_microseconds
from bot.menu.buttons import ButtonHandler
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.phrases import Words
from bot.wording.planned_reminders import described
from bot.wording.reminders import taken_back
from core.services import planned_reminders
from core.services.planned_reminders import Planned

VERB, TAKEN_BACK = "reminders-planned", "reminders-planned!"


def to_planned(words: Words) -> InlineKeyboardButton:
    """Return the button to the reminders that wait for their hour."""
    return tap(words.say("Planned"), VERB)


async def show(context: Context, _arguments: str = "") -> Screen:
    """List the reminders that wait for their hour."""
    return await _shown(context)


async def take_back(context: Context, data: str) -> Screen:
    """Take a batch back, from `sender:moment`."""
    sender, _, moment = data.partition(":")
    if not is_number(sender):
        raise StaleButton
    at = read_microseconds(moment)
    done = await context.write(planned_reminders.take_back, context.actor_id, int(sender), at, context.now)
    return await _shown(context, toast=taken_back(context.words, done))


async def _shown(context: Context, toast: Markup | None = None) -> Screen:
    planned = await context.read(planned_reminders.listing, context.actor_id, context.now)
    return Screen(
        text=described(context.words, planned),
        rows=rows(
            *([_taking_back(context.words, place, each)] for place, each in enumerate(planned, 1)),
            [to_home(context.words)],
        ),
        toast=toast,
    )


def _taking_back(words: Words, place: int, planned: Planned) -> InlineKeyboardButton:
    label = words.say("Take back {place}", place=place)
    return tap(label, TAKEN_BACK, planned.by_id, as_microseconds(planned.at))


BUTTONS: Mapping[str, ButtonHandler] = {
    VERB: show,
    TAKEN_BACK: take_back,
}
