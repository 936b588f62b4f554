"""/digest: my digest of new learners."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.digest_cards import NEW, TOP
from bot.handlers.digest_groups import elsewhere, groups, link
from bot.handlers.guides import find
from bot.handlers.undelivered_digests import troubles
from bot.input.arguments import StaleButton, card_number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Command, Subject
from bot.screens.digest_screen import details_screen, digest_screen, not_started_screen
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.digest_cards import in_list, label, why_stopped
from bot.wording.group_digests import everyone_reads, goes_to_group, group_title, moved, schedule
from bot.wording.phrases import N_, Words
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.cadence import parse_cadence
from core.domain.keywords import DIGEST, find_keyword
from core.errors import DepartmentGone, DigestGone, NotSubscribed
from core.services import digest_cards, digests, group_digests
from core.services.digest_cards import Listing
from core.services.digest_summaries import Summary
from core.services.digests import Subscription
from core.services.group_digests import Group

NOW = ("now",)


async def digest(context: Context, text: str) -> Screen:
    """Show, schedule or turn off my digest, or send one now; in a group, after a question in the private chat."""
    match find_keyword(text, DIGEST):
        case "groups":
            return await groups(context, 0)
        case "off":
            return await _off(context)
    if context.group is not None:
        return await _in_group(context, context.group, text)
    return await _in_private(context, text)


async def tapped(context: Context, text: str) -> Screen:
    """Do the same by a button; what it was tapped on stays when a digest is sent."""
    if not find_keyword(text, NOW) or context.group is not None:
        return await digest(context, text)
    sent = (await digest(context, text)).text
    return await _shown(context, await context.read(digests.subscription, context.actor_id), toast=sent)


async def _off(context: Context) -> Screen:
    try:
        chat_id = context.chat_id if context.group else None
        await context.write(digests.unsubscribe, context.actor_id, context.now, chat_id=chat_id)
    except NotSubscribed:
        if context.group is None:
            raise
        return Screen(text=elsewhere(context))
    return Screen(
        text=context.words.say("Your digest is off. {line} sends one.", line=context.words.line("/digest now"))
    )


async def _in_private(context: Context, text: str) -> Screen:
    if not text:
        return await _shown(context, await context.read(digests.subscription, context.actor_id))
    if find_keyword(text, NOW):
        await context.write(digests.request, context.actor_id, context.chat_id, context.now)
        return Screen(text=context.words.say("Your digest is on its way."))
    cadence = parse_cadence(text)
    before = await context.read(digests.subscription, context.actor_id)
    after = await context.write(digests.subscribe, context.actor_id, cadence, context.chat_id, context.now)
    has_moved = before.cadence is not None and goes_to_group(before)
    return await _shown(context, after, moved(context.words, before) if has_moved else None)


async def _in_group(context: Context, group: Group, text: str) -> Screen:
    """Answer where others read: with nothing of the person's, unless the group gets their digest already."""
    if not text:
        return Screen(text=elsewhere(context))
    if text.startswith("#") and (number := card_number(text)) is not None:
        return await _move(context, group, number)
    cadence = None if find_keyword(text, NOW) else parse_cadence(text)
    subscription = await context.write(group_digests.order, context.actor_id, group, cadence, context.now)
    if subscription is None:
        return _asked(context)
    if cadence is None:
        return Screen(text=context.words.say("Your digest is on its way."))
    return Screen(text=lines(_state(context, subscription), everyone_reads(context.words)))


async def _move(context: Context, group: Group, digest_id: int) -> Screen:
    """Ask in private whether a digest that was chosen there shall come here."""
    try:
        asked = await context.write(group_digests.order_move, context.actor_id, group, digest_id, context.now)
    except (DigestGone, DepartmentGone):  # the reason is not for the group to read
        return Screen(text=elsewhere(context))
    return _asked(context) if asked else Screen(text=context.words.say("That digest comes here already."))


def _asked(context: Context) -> Screen:
    return Screen(
        text=context.words.say(
            "I have asked you in our private chat whether your digest may come here: {link}", link=link(context)
        )
    )


async def show_again(context: Context, run_id: int) -> Screen:
    """Show one's own digest again at a glance. Raises StaleButton."""
    return digest_screen(context.words, await _read(context, run_id), run_id, again=False, private=True)


async def show_details(context: Context, run_id: int) -> Screen:
    """Show one's own digest by profile. Raises StaleButton."""
    exports = find(context, "history").is_for(context.person.permissions)
    return details_screen(context.words, await _read(context, run_id), run_id, exports=exports)


async def choose_not_started(context: Context, run_id: int, purpose: int) -> Screen:
    """Show where those are who have not started, of one's own digest about several profiles. Raises StaleButton."""
    return not_started_screen(context.words, await _read(context, run_id), run_id, purpose)


async def _read(context: Context, run_id: int) -> Summary:
    found = await context.read(digests.again, context.actor_id, run_id, chat_id=context.chat_id)
    if found is None or context.group is not None:
        raise StaleButton
    return found


async def _shown(
    context: Context, subscription: Subscription, note: Markup | None = None, *, toast: Markup | None = None
) -> Screen:
    """Show the main digest's schedule and my other digests, with a button for each and for the groups that get any."""
    found = await context.read(group_digests.connections, context.actor_id)
    mine, say = await context.read(digest_cards.listing, context.actor_id), context.words.say
    troubling = await troubles(context, mine.cards)
    others = [card for card in mine.cards if not card.main]
    why = next((why_stopped(context.words, card) for card in mine.cards if card.main), None)
    buttons = [tap(label(context.words, card.named), "digest-card", card.named.digest_id) for card in others]
    more = ["", say("Your other digests:"), *(in_list(context.words, card) for card in others)] if others else []
    return Screen(
        text=lines(_state(context, subscription, alone=not others), why, note, *more),
        toast=toast,
        rows=rows(
            troubling or _quick_choices(context.words),
            _sending(context.words, on=subscription.cadence is not None),
            _change_or_add(context, mine, on=subscription.cadence is not None),
            *(buttons[place : place + 2] for place in range(0, len(buttons), 2)),
            [_opening(context, "reminders", say("Reminders")), _opening(context, "alerts", say("Alerts"))],
            [to_home(context.words), tap(say("Groups · {n}", n=len(found)), "digest-groups", 0) if found else None],
        ),
    )


def _opening(context: Context, name: str, label: Markup) -> InlineKeyboardButton | None:
    """Return the button that opens what else tells people something, if the person may set it up."""
    return tap(label, "open", name) if find(context, name).is_for(context.person.permissions) else None


def _quick_choices(words: Words) -> list[InlineKeyboardButton]:
    """Return the buttons of the schedules that people choose most."""
    daily = tap(words.say("Daily 18:00"), "digest", "daily 18:00")
    return [daily, tap(words.say("Mondays 09:00"), "digest", "weekly mon 09:00")]


def _sending(words: Words, *, on: bool) -> list[InlineKeyboardButton | None]:
    """Return the buttons that send a digest now, and end the schedule if there is one."""
    off = tap(words.say("Turn it off"), "digest", "off", style="danger") if on else None
    return [tap(words.say("Send one now"), "digest", "now"), off]


def _change_or_add(context: Context, mine: Listing, *, on: bool) -> list[InlineKeyboardButton | None]:
    """Return the buttons of the main digest's card, if it has a schedule, and of another digest."""
    say = context.words.say
    main = next((card.named.digest_id for card in mine.cards if card.main), None)
    return [
        tap(say("Change it"), "digest-card", main) if on and main else None,
        tap(say("➕ Another"), "digest-where", NEW, TOP, 0, mine.newest) if mine.may_add else None,
    ]


def _state(context: Context, subscription: Subscription, *, alone: bool = True) -> Markup:
    """Say what the main digest's schedule is; `alone`: the person has no other digest."""
    say = context.words.say
    if subscription.stopped_at is not None:
        return say("Your digest stopped on {when}.", when=context.words.moment(subscription.stopped_at))
    if subscription.cadence is None or subscription.next_due is None:
        none = (
            say("You have no scheduled digest.")
            if alone
            else say("You have no scheduled digest of all your departments.")
        )
        other = context.words.line("/digest monthly 1 09:00")
        return lines(none, say("Tap when it should come, or type it, for example {line}", line=other))
    there = say("It goes to the group {group}.", group=group_title(context.words, subscription.group_title or ""))
    return lines(
        schedule(context.words, subscription.cadence),
        there if goes_to_group(subscription) and context.group is None else None,
        say("The next one comes {when}.", when=context.words.echo(subscription.next_due)),
        say(
            "{now} sends one now, {off} turns it off.",
            now=context.words.line("/digest now"),
            off=context.words.line("/digest off"),
        ),
    )


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
            "/digest groups",
        ),
        permission=Permission.RECEIVE_DIGESTS,
        subject=Subject.DIGESTS,
        in_groups=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "digest": tapped,
    "digest-show": by_number(show_again),
    "digest-more": by_number(show_details),
    "digest-behind": by_numbers(choose_not_started, at_least=2, at_most=2),
}
