"""Buttons of the notice that somebody waits for an approval."""

from bot.context import Context
from bot.keyboards import Screen, rows, tap
from bot.messages import lines
from core.domain.access import UserState
from core.services import admission


async def approve(context: Context, user_id: int) -> Screen:
    """Let somebody in."""
    waiting = await context.read(admission.waiting, context.actor_id, user_id, context.now)
    state = await context.write(admission.approve, context.actor_id, user_id, context.now)
    say = context.words.say
    if state is UserState.INACTIVE:
        return Screen(text=say("{name} has an account, but no seat is left: it is not active.", name=waiting.name))
    return Screen(text=say("{name} is in.", name=waiting.name))


async def ask_to_decline(context: Context, user_id: int) -> Screen:
    """Ask before somebody is turned down, naming them."""
    waiting = await context.read(admission.waiting, context.actor_id, user_id, context.now)
    say = context.words.say
    question = say("Turn {name} down?", name=waiting.name)
    consequence = say("Their place in “{name}” is free again.", name=waiting.profile_name)
    buttons = rows([tap(say("Turn down"), "decline!", user_id, style="danger"), tap(say("Let in"), "approve", user_id)])
    return Screen(text=lines(question, consequence), rows=buttons)


async def decline(context: Context, user_id: int) -> Screen:
    """Turn somebody down after the question."""
    waiting = await context.read(admission.waiting, context.actor_id, user_id, context.now)
    await context.write(admission.decline, context.actor_id, user_id, "", context.now)
    return Screen(text=context.words.say("{name} was turned down.", name=waiting.name))
