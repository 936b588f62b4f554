"""By which profile's link the people of a roster are to come: a department's can by any that leads there."""

from bot.context import Context
from bot.input.roster_targets import roster_target
from bot.screens.screen import Screen, rows, tap
from bot.wording.rosters import no_link
from bot.wording.text import shortened
from core.domain.rosters import RosterOf
from core.services import rosters

LONGEST_LABEL = 40


async def profile_of(context: Context, of: RosterOf, verb: str, *arguments: object) -> int | Screen:
    """Return the profile whose link is to be sent; if several lead there, or none, a screen that says so.

    Its buttons have the verb, the arguments (without any: the roster) and the profile.
    """
    if of.profile_id is not None:
        return of.profile_id
    found = await context.read(rosters.links, context.actor_id, of, context.now)
    if len(found) == 1:
        return found[0].profile_id
    target, say = roster_target(of), context.words.say
    back = [tap(say("‹ Who's missing"), "missing", target)]
    if not found:
        return Screen(text=no_link(context.words), rows=rows(back))
    carried = arguments or (target,)
    buttons = ([tap(shortened(each.profile_name, LONGEST_LABEL), verb, *carried, each.profile_id)] for each in found)
    return Screen(text=say("Which profile do you mean?"), rows=rows(*buttons, back))
