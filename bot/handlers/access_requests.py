"""Requests for access at closed links: the list of them, and the buttons that answer them, here and on the notice."""

from collections.abc import Mapping
from dataclasses import replace

from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler, acting_on_who_waits, by_number, by_numbers
from bot.screens import access_requests as screens
from bot.screens.screen import Screen, rows, tap
from bot.wording.text import lines
from core.services import request_answers

FIRST = screens.FIRST


async def page(context: Context, after: int) -> Screen:
    """List the open requests after a number."""
    found = await context.read(request_answers.listing, context.actor_id, context.now, after=after)
    screen = screens.several(context.words, found)
    if screen is None:
        return Screen(text=context.words.say("Nobody asks for access at the moment."), rows=rows(_back(context)))
    return replace(screen, rows=(*screen.rows, *rows(_back(context))))


async def show(context: Context, request_id: int) -> Screen:
    """Show one request."""
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    screen = screens.one(context.words, asked)
    return replace(screen, rows=(*screen.rows, *rows(_to_the_list(context))))


async def grant(context: Context, request_id: int, cure: int) -> Screen:
    """Open the link for a person, and keep a place for them."""
    if cure >= len(screens.CURES):
        raise StaleButton
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    wanted = screens.CURES[cure]
    still_open = await context.write(request_answers.grant, context.actor_id, request_id, wanted, context.now)
    say = context.words.say
    if still_open is not None:
        screen = screens.one(context.words, still_open)
        return replace(screen, rows=(*screen.rows, *rows(_to_the_list(context))))
    granted = say("{name} can sign up now: a place is kept for 7 days.", name=asked.name)
    can_mail = context.addresses.mails_a_day is not None
    mailed = say("If it is mailed to them, too, that is on its way.") if can_mail else None
    return Screen(
        text=lines(granted, say("Their page says so."), mailed),
        rows=rows([tap(say("The profile"), "profile", asked.profile_id)], _to_the_list(context)),
    )


async def ask_to_decline(context: Context, request_id: int) -> Screen:
    """Ask before a request is declined, naming the person."""
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    say = context.words.say
    declining = tap(say("Decline"), "request-decline!", request_id, style="danger")
    text = lines(say("Decline {name}?", name=asked.name), say("Their page says so, and what they entered is erased."))
    return Screen(text=text, rows=rows([declining], _to_the_list(context)))


async def decline(context: Context, request_id: int) -> Screen:
    """Decline a request after the question."""
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    await context.write(request_answers.decline, context.actor_id, request_id, context.now)
    return Screen(text=context.words.say("{name} was declined.", name=asked.name), rows=rows(_to_the_list(context)))


def _to_the_list(context: Context) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("‹ Requests"), "requests", FIRST)]


def _back(context: Context) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("‹ Waiting"), "waiting", FIRST, "")]


BUTTONS: Mapping[str, ButtonHandler] = {
    "requests": acting_on_who_waits(by_number(page)),
    "request": acting_on_who_waits(by_number(show)),
    "request-grant": acting_on_who_waits(by_numbers(grant, at_least=2, at_most=2)),
    "request-decline": acting_on_who_waits(by_number(ask_to_decline)),
    "request-decline!": by_number(decline),
}
