"""By which profile's link the people of a roster are to come: a department's can by any that leads there."""

from collections.abc import Mapping, Sequence

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler
from bot.screens.lost_files import file_again
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap
from bot.wording.rosters import no_link
from bot.wording.text import lines, shortened
from core.domain.rosters import RosterOf
from core.services import rosters
from core.services.rosters import RosterLink

A_PAGE = 5
MORE = "roster-links"


async def profile_of(
    context: Context, of: RosterOf, verb: str, *, carried: Sequence[object] | None = None
) -> int | Screen:
    """Return the profile whose link is to be sent; if several lead there, or none, a screen that says so.

    Its buttons have the verb, what is `carried` (None: the roster) and the profile.
    """
    if of.profile_id is not None:
        return of.profile_id
    found = await _links_from(context, of, 0)
    if len(found) == 1:
        return found[0].profile_id
    return _question(context, of, found, 0, (verb, *((roster_target(of),) if carried is None else carried)))


async def more(context: Context, data: str) -> Screen:
    """Show the links from a place on, from `place:roster:verb`, and what else the buttons carry before the profile."""
    match data.split(":"):
        case [offset, target, *choosing] if is_number(offset) and choosing:
            of = read_roster(target)
            return _question(context, of, await _links_from(context, of, int(offset)), int(offset), choosing)
    raise StaleButton


async def _links_from(context: Context, of: RosterOf, offset: int) -> Sequence[RosterLink]:
    """Read a page of links, and one more, which tells that there are others."""
    asked = context.actor_id, of, context.now
    return await context.read(rosters.links, *asked, offset=offset, at_most=A_PAGE + 1)


def _question(
    context: Context, of: RosterOf, found: Sequence[RosterLink], offset: int, choosing: Sequence[object]
) -> Screen:
    say, target = context.words.say, roster_target(of)
    back = tap(say("‹ Who's missing"), "missing", target)
    if not (found or offset):
        return Screen(text=no_link(context.words), rows=rows([back]))
    verb, *carried = map(str, choosing)
    shown = ((shortened(each.profile_name, LONGEST_LABEL), each.profile_id) for each in found[:A_PAGE])
    first = [tap(say("« First"), MORE, 0, target, *choosing)] if offset else []
    others = [tap(say("More ›"), MORE, offset + A_PAGE, target, *choosing)] if len(found) > A_PAGE else []
    return Screen(
        text=lines(say("Which profile do you mean?"), file_again(context)),
        rows=rows(*([tap(label, verb, *carried, number)] for label, number in shown), first + others, [back]),
    )


BUTTONS: Mapping[str, ButtonHandler] = {MORE: more}
