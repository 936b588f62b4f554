"""Questions for lists of people: a text answers one that was asked just before, a file or a reply for an hour."""

from bot.context import Context
from bot.handlers import dialogues
from core.domain.rosters import RosterOf
from core.services import awaited_lists
from core.services.awaited_lists import Awaited
from core.services.questions import About


async def expect(context: Context, about: About, of: RosterOf) -> None:
    """Note that a screen asks for a list, which an open form doesn't take as its answer.

    Not the update's effect: if it is noted twice, the first question is never answered.
    """
    await context.engine.write(awaited_lists.ask, context.actor_id, about, of, context.place, context.now)
    if context.person.has_open_form:
        await dialogues.leave(context)


async def awaited(context: Context, about: About, *, later: bool) -> Awaited | None:
    """Return the list that the message at hand may be; `later`: although something else came in between."""
    place = None if later else context.place
    return await context.read(awaited_lists.awaited, context.actor_id, about, context.now, place=place)


async def awaited_for(context: Context, about: About, of: RosterOf) -> Awaited | None:
    """Return the list of these people that was asked for within the hour, whatever was asked for since."""
    return await context.read(awaited_lists.awaited_for, context.actor_id, about, of, context.now)
