"""The buttons of the alert about a rush: the link is paused at once, and who came in the rush is taken back."""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers.rush_alerts import RushAlert
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens import rushes
from bot.screens.screen import Screen
from core.services import rush_undo

ALERT = RushAlert(find=rush_undo.show, draw=rushes.alert, act=rushes.acting)


async def ask(context: Context, profile_id: int, told: int) -> Screen:
    """Ask whether to take back who came in a rush, naming the first of them.

    Not the tap's effect: it may be asked twice.
    """
    found = await context.engine.write(rush_undo.propose, context.actor_id, profile_id, told, context.now)
    return rushes.asked(context.words, found)


ask_anew = ALERT.asking_anew(ask)


async def take_back(context: Context, question_id: int, *_rush: int) -> Screen:
    """Take back who was asked about."""
    done = await context.write(rush_undo.confirm, context.actor_id, question_id, context.now)
    return rushes.taken_back(context.words, done)


async def bring_back(context: Context, question_id: int) -> Screen:
    """Bring back who was taken back."""
    done = await context.write(rush_undo.bring_back, context.actor_id, question_id, context.now)
    return rushes.brought_back(context.words, done, await ALERT.acting(context, done.profile_id, done.told))


BUTTONS: Mapping[str, ButtonHandler] = {
    **ALERT.buttons("rush"),
    "rush-undo": by_numbers(ask, at_least=2, at_most=2),
    "rush-undone": by_numbers(take_back, at_most=3),
    "rush-back": by_number(bring_back),
}
