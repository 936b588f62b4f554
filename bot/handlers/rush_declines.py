"""The buttons of the alert about a rush of people who wait: the link is paused, and they are declined together."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.profiles import shown
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens import waiting_rushes
from bot.screens.screen import Screen
from core.services import profile_editing, rush_declines


async def show(context: Context, profile_id: int, told: int) -> Screen:
    """Show the alert about a rush as it is now."""
    return await _alert(context, profile_id, told)


async def pause(context: Context, profile_id: int, told: int) -> Screen:
    """Pause the link, and show the alert with the button that resumes it."""
    return await _switch(context, profile_id, told, paused=True)


async def resume(context: Context, profile_id: int, told: int) -> Screen:
    """Resume the link, and show the alert."""
    return await _switch(context, profile_id, told, paused=False)


async def ask(context: Context, profile_id: int, told: int) -> Screen:
    """Ask whether to decline who waits of a rush, naming the first of them."""
    proposal = await context.write(rush_declines.propose, context.actor_id, profile_id, told, context.now)
    return waiting_rushes.asked(context.words, proposal)


async def decline(context: Context, question_id: int) -> Screen:
    """Decline who was asked about."""
    done = await context.write(rush_declines.confirm, context.actor_id, question_id, context.now)
    return waiting_rushes.declined(context.words, done)


async def undo(context: Context, question_id: int) -> Screen:
    """Let who was declined wait again."""
    done = await context.write(rush_declines.bring_back, context.actor_id, question_id, context.now)
    return waiting_rushes.brought_back(context.words, done)


async def _switch(context: Context, profile_id: int, told: int, *, paused: bool) -> Screen:
    await context.write(profile_editing.pause, context.actor_id, profile_id, context.now, paused=paused)
    toast = context.words.say("Paused") if paused else context.words.say("The link works again")
    return await _alert(context, profile_id, told, toast=toast)


async def _alert(context: Context, profile_id: int, told: int, *, toast: Markup | None = None) -> Screen:
    card = await shown(context, profile_id)
    found = await context.read(rush_declines.show, context.actor_id, profile_id, context.now, told=told)
    return waiting_rushes.alert(context.words, card, found, toast=toast)


BUTTONS: Mapping[str, ButtonHandler] = {
    "waiting-rush": by_numbers(show, at_least=2, at_most=2),
    "waiting-rush-pause": by_numbers(pause, at_least=2, at_most=2),
    "waiting-rush-resume": by_numbers(resume, at_least=2, at_most=2),
    "waiting-rush-decline": by_numbers(ask, at_least=2, at_most=2),
    "waiting-rush-declined": by_number(decline),
    "waiting-rush-undo": by_number(undo),
}
