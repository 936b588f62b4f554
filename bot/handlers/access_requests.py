"""Requests for access at closed links: the list of them, and the buttons that answer them, here and on the notice."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.input.hasty_taps import is_hasty, stamp
from bot.menu.buttons import ButtonHandler, acting_on_who_waits, by_number, by_numbers
from bot.screens import access_requests as screens
from bot.screens.screen import Screen, rows, tap
from bot.wording.text import lines
from core.services import request_answers
from core.services.request_answers import Asked

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


async def grant(context: Context, request_id: int, cure: int, stamped: int | None = None) -> Screen:
    """Open the link for a person, and keep a place for them; then show the next request.

    The request is shown again if it was shown a moment ago only: the tap was meant for another.
    """
    if cure >= len(screens.CURES):
        raise StaleButton
    say = context.words.say
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    if is_hasty(stamped, context.now):
        return replace(_one(context, asked), toast=say("Look first: this is the next one."))
    wanted = screens.CURES[cure]
    still_open = await context.write(request_answers.grant, context.actor_id, request_id, wanted, context.now)
    if still_open is not None:
        return _one(context, still_open)
    granted = say("{name} can sign up now: a place is kept for 7 days.", name=asked.name)
    mailed = say("If it is mailed to them, too, that is on its way.") if context.can_mail else None
    said = lines(granted, say("Their page says so."), mailed)
    return await _next(context, said, request_id, tap(say("The profile"), "profile", asked.profile_id))


async def ask_to_decline(context: Context, request_id: int) -> Screen:
    """Ask before a request is declined, naming the person."""
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    say = context.words.say
    declining = tap(say("Decline"), "request-decline!", request_id, style="danger")
    text = lines(say("Decline {name}?", name=asked.name), say("Their page says so, and what they entered is erased."))
    return Screen(text=text, rows=rows([declining], _to_the_list(context)))


async def decline(context: Context, request_id: int) -> Screen:
    """Decline a request after the question, and show the next one."""
    asked = await context.read(request_answers.asked, context.actor_id, request_id, context.now)
    await context.write(request_answers.decline, context.actor_id, request_id, context.now)
    return await _next(context, context.words.say("{name} was declined.", name=asked.name), request_id)


async def _next(context: Context, said: Markup, answered: int, *leading: InlineKeyboardButton) -> Screen:
    """Show the request after the one that was answered, or else the first one; what `leading` leads to if none is."""
    for after in (answered, FIRST):
        found = await context.read(request_answers.listing, context.actor_id, context.now, after=after, size=1)
        if found.asked:
            following = _one(context, found.asked[0], more=found.total - 1)
            return replace(following, text=lines(said, "", following.text))
    return Screen(
        text=lines(said, context.words.say("Nobody asks for access at the moment.")),
        rows=rows(leading, _back(context)),
    )


def _one(context: Context, asked: Asked, *, more: int = 0) -> Screen:
    """Show a request in the place of another screen, whose buttons a second tap is meant for."""
    screen = screens.one(context.words, asked, more=more, stamped=stamp(context.engine.now()))
    return replace(screen, rows=(*screen.rows, *rows(_to_the_list(context))))


def _to_the_list(context: Context) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("‹ Requests"), "requests", FIRST)]


def _back(context: Context) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("‹ Waiting"), "waiting", FIRST, "")]


BUTTONS: Mapping[str, ButtonHandler] = {
    "requests": acting_on_who_waits(by_number(page)),
    "request": acting_on_who_waits(by_number(show)),
    "request-grant": acting_on_who_waits(by_numbers(grant, at_least=2, at_most=3)),
    "request-decline": acting_on_who_waits(by_number(ask_to_decline)),
    "request-decline!": by_number(decline),
}
