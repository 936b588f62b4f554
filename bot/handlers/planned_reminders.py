"""Reminders that managers sent and that wait for their hour: a list, on which each batch can be taken back."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.input.moments import as_microseconds, read_microseconds
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import planned_reminders as wording
from bot.wording.lists import Page
from bot.wording.phrases import Words
from bot.wording.reminders import taken_back
from core.services import planned_reminders
from core.services.planned_reminders import Planned, TakenBack

VERB, ASK, TAKEN_BACK = "reminders-planned", "reminders-planned-ask", "reminders-planned!"


def to_planned(words: Words) -> InlineKeyboardButton:
    """Return the button to the reminders that wait for their hour."""
    return tap(words.say("Planned"), VERB, 0)


async def show(context: Context, page: int) -> Screen:
    """List a page of the reminders that wait for their hour."""
    return await _shown(context, page)


async def ask(context: Context, data: str) -> Screen:
    """Ask whether to take back what another person sent, from `sender:moment`."""
    sender, at = _batch(data)
    planned = await context.read(planned_reminders.show, context.actor_id, sender, at, context.now)
    if not planned:
        return await _shown(context, toast=taken_back(context.words, TakenBack(people=0, sent=0)))
    say = context.words.say
    return Screen(
        text=wording.question(context.words, planned),
        rows=rows([tap(say("‹ Back"), VERB, 0)], [tap(say("Take back"), TAKEN_BACK, data, style="danger")]),
    )


async def take_back(context: Context, data: str) -> Screen:
    """Take a batch back, from `sender:moment`."""
    done = await context.write(planned_reminders.take_back, context.actor_id, *_batch(data), context.now)
    return await _shown(context, toast=taken_back(context.words, done))


async def _shown(context: Context, page: int = 0, *, toast: Markup | None = None) -> Screen:
    found = await context.read(planned_reminders.listing, context.actor_id, context.now, page=page)
    places = range(found.before, found.before + len(found.planned))
    return Screen(
        text=wording.described(context.words, found),
        rows=rows(
            *([_taking_back(context.words, place, each)] for place, each in zip(places, found.planned, strict=True)),
            page_buttons(context.words, Page(places=places, number=found.page, pages=found.pages), VERB),
            [to_home(context.words)],
        ),
        toast=toast,
    )


def _taking_back(words: Words, place: int, planned: Planned) -> InlineKeyboardButton:
    """Return the button that takes one's own reminders back at once, or asks about those of others first."""
    label = words.say("Take back {place}", place=place + 1)
    verb = TAKEN_BACK if planned.by is None else ASK
    return tap(label, verb, planned.by_id, as_microseconds(planned.at))


def _batch(data: str) -> tuple[int, datetime]:
    sender, _, moment = data.partition(":")
    if not is_number(sender):
        raise StaleButton
    return int(sender), read_microseconds(moment)


BUTTONS: Mapping[str, ButtonHandler] = {
    VERB: by_number(show),
    ASK: ask,
    TAKEN_BACK: take_back,
}
