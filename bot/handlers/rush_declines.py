"""The buttons of the alert about a rush of people who wait: the link is paused, and they are declined together."""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers.rush_alerts import RushAlert
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens import waiting_rushes
from bot.screens.screen import Screen
from core.services import rush_declines

ALERT = RushAlert(find=rush_declines.show, draw=waiting_rushes.alert, act=waiting_rushes.acting)


async def ask(context: Context, profile_id: int, told: int) -> Screen:
    """Ask whether to decline who waits of a rush, naming the first of them.

    Not the tap's effect: it may be asked twice.
    """
    proposal = await context.engine.write(rush_declines.propose, context.actor_id, profile_id, told, context.now)
    return waiting_rushes.asked(context.words, proposal)


ask_anew = ALERT.asking_anew(ask)


async def decline(context: Context, question_id: int, *_rush: int) -> Screen:
    """Decline who was asked about."""
    done = await context.write(rush_declines.confirm, context.actor_id, question_id, context.now)
    return waiting_rushes.declined(context.words, done)


async def bring_back(context: Context, question_id: int) -> Screen:
    """Let who was declined wait again."""
    done = await context.write(rush_declines.bring_back, context.actor_id, question_id, context.now)
    return waiting_rushes.brought_back(context.words, done, await ALERT.acting(context, done.profile_id, done.told))


BUTTONS: Mapping[str, ButtonHandler] = {
    **ALERT.buttons("waiting-rush"),
    "waiting-rush-decline": by_numbers(ask, at_least=2, at_most=2),
    "waiting-rush-declined": by_numbers(decline, at_most=3),
    "waiting-rush-back": by_number(bring_back),
}
