"""By which profile's link the people of a roster are to come: a department's can by any that leads there."""

from collections.abc import Sequence

from bot.context import Context
from bot.input.roster_targets import roster_target
from bot.screens.lost_files import file_again
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap
from bot.wording.rosters import no_link
from bot.wording.text import lines, shortened
from core.domain.rosters import RosterOf
from core.services import rosters


async def profile_of(
    context: Context, of: RosterOf, verb: str, *, carried: Sequence[object] | None = None
) -> int | Screen:
    """Return the profile whose link is to be sent; if several lead there, or none, a screen that says so.

    Its buttons have the verb, what is `carried` (None: the roster) and the profile.
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
    before = (target,) if carried is None else carried
    buttons = ([tap(shortened(each.profile_name, LONGEST_LABEL), verb, *before, each.profile_id)] for each in found)
    question = lines(say("Which profile do you mean?"), file_again(context))
    return Screen(text=question, rows=rows(*buttons, back))
