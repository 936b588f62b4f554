"""/digest: my digest of new learners."""

from markupsafe import Markup

from bot.context import Context
from bot.menu.command import Command, Subject
from bot.screens.screen import Screen
from bot.wording.phrases import N_
from bot.wording.text import command, lines
from core.domain.access import Permission
from core.domain.cadence import Cadence, Frequency, parse_cadence
from core.services import digests
from core.services.digests import Subscription


async def digest(context: Context, text: str) -> Screen:
    """Show, schedule or turn off my digest, or send one now."""
    match text.casefold():
        case "":
            return Screen(text=_state(context, await context.read(digests.subscription, context.actor_id)))
        case "now":
            await context.write(
                digests.request, context.actor_id, context.chat_id, context.now, thread_id=context.thread_id
            )
            return Screen(text=context.words.say("Your digest is on its way."))
        case "off":
            await context.write(digests.unsubscribe, context.actor_id)
            return Screen(text=context.words.say("Your digest is off. {line} sends one.", line=command("/digest now")))
    cadence = parse_cadence(text)
    subscription = await context.write(
        digests.subscribe, context.actor_id, cadence, context.chat_id, context.now, thread_id=context.thread_id
    )
    everybody = context.words.say("Everyone in this group will be able to read it.") if context.in_group else None
    return Screen(text=lines(_state(context, subscription), everybody))


def _state(context: Context, subscription: Subscription) -> Markup:
    say = context.words.say
    if subscription.cadence is None or subscription.next_due is None:
        choices = ("/digest daily 18:00", "/digest weekly mon 09:00", "/digest monthly 1 09:00", "/digest now")
        return lines(say("You have no scheduled digest. These lines schedule one:"), *map(command, choices))
    return lines(
        _schedule(context, subscription.cadence),
        say("The next one comes {when}.", when=context.words.clock(subscription.next_due)),
        say("{now} sends one now, {off} turns it off.", now=command("/digest now"), off=command("/digest off")),
    )


def _schedule(context: Context, cadence: Cadence) -> Markup:
    say, at = context.words.say, f"{cadence.at:%H:%M}"
    match cadence.frequency:
        case Frequency.DAILY:
            return say("Your digest comes every day at {time}.", time=at)
        case Frequency.WEEKLY:
            day = context.words.language.locale.days["format"]["wide"][cadence.day]
            return say("Your digest comes every week, {day} at {time}.", day=day, time=at)
        case Frequency.MONTHLY:
            return say("Your digest comes every month, day {day} at {time}.", day=cadence.day, time=at)


COMMANDS = (
    Command(
        name="digest",
        handler=digest,
        summary=N_("Set up my digest of new learners, or get one now"),
        examples=(
            "/digest",
            "/digest daily 18:00",
            "/digest weekly mon 09:00",
            "/digest monthly 1 09:00",
            "/digest now",
            "/digest off",
        ),
        permission=Permission.RECEIVE_DIGESTS,
        subject=Subject.DIGESTS,
        in_groups=True,
    ),
)
