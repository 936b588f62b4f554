"""The buttons of the alert about a rush: the link is paused at once, and who came in the rush is taken back."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.profiles import shown
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens import rushes
from bot.screens.screen import Screen
from core.services import profile_editing, rush_undo


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
    """Ask whether to take back who came in a rush, naming the first of them."""
    found = await context.write(rush_undo.propose, context.actor_id, profile_id, told, context.now)
    return rushes.asked(context.words, found)


async def take_back(context: Context, question_id: int) -> Screen:
    """Take back who was asked about."""
    done = await context.write(rush_undo.confirm, context.actor_id, question_id, context.now)
    return rushes.taken_back(context.words, done)


async def bring_back(context: Context, question_id: int) -> Screen:
    """Bring back who was taken back."""
    done = await context.write(rush_undo.bring_back, context.actor_id, question_id, context.now)
    return rushes.brought_back(context.words, done)


async def _switch(context: Context, profile_id: int, told: int, *, paused: bool) -> Screen:
    await context.write(profile_editing.pause, context.actor_id, profile_id, context.now, paused=paused)
    toast = context.words.say("Paused") if paused else context.words.say("The link works again")
    return await _alert(context, profile_id, told, toast=toast)


async def _alert(context: Context, profile_id: int, told: int, *, toast: Markup | None = None) -> Screen:
    card = await shown(context, profile_id)
    found = await context.read(rush_undo.show, context.actor_id, profile_id, context.now, told=told)
    return rushes.alert(context.words, card, found, toast=toast)


BUTTONS: Mapping[str, ButtonHandler] = {
    "rush": by_numbers(show, at_least=2, at_most=2),
    "rush-pause": by_numbers(pause, at_least=2, at_most=2),
    "rush-resume": by_numbers(resume, at_least=2, at_most=2),
    "rush-undo": by_numbers(ask, at_least=2, at_most=2),
    "rush-undone": by_number(take_back),
    "rush-back": by_number(bring_back),
}
