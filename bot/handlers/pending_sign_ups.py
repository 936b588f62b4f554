"""/waiting: sign-ups that hold a place without an account yet, and the buttons that answer them, also on the notice."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import card_number
from bot.menu.buttons import ButtonHandler, acting_on_who_waits, by_number, by_number_and_mark, paged
from bot.menu.command import Command, Subject
from bot.screens import access_requests
from bot.screens.paging import onward
from bot.screens.screen import Screen, rows, tap, to_home
from bot.screens.searches import argument_of
from bot.screens.waiting_notices import answering_all
from bot.wording.addresses import mail
from bot.wording.digest_overview import waiting as waiting_in_all
from bot.wording.labels import several
from bot.wording.lists import page_of
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines
from bot.wording.waiting import counted, marked
from core.domain.access import Permission, UserState
from core.errors import PreviewOutdated
from core.services import pending_sign_ups, request_answers, waiting_sign_ups
from core.services.pending_sign_ups import Awaits
from core.services.waiting_sign_ups import Listing, Waiting

FIRST = 0  # in a button's data


async def search(context: Context, text: str) -> Screen:
    """List the first page of pending sign-ups: all, those of a profile by its number, or those with these words."""
    return await page(context, FIRST, text)


async def page(context: Context, after: int, words: str) -> Screen:
    """List a page of pending sign-ups, after a number, each with the buttons that answer it."""
    profile_id = card_number(words)
    asked = "" if profile_id is not None else words
    found = await context.read(
        waiting_sign_ups.listing, context.actor_id, asked, context.now, after=after, profile_id=profile_id
    )
    if not found.total + found.unconfirmed:
        if not words and (asking := await _who_asks(context)):
            return asking
        return Screen(text=_nobody(context, asked), rows=rows(_requests(context, found), _back(context, profile_id)))
    written = [lines("", _listed(context.words, each)) for each in found.waiting]
    shown = [found.waiting[place] for place in page_of(written, 0, most=len(written)).places]
    more = found.newer_than is not None or len(shown) < len(written)
    argument = await argument_of(context, words)
    refresh = tap(context.words.say("Refresh"), "waiting", after, argument)
    return Screen(
        text=lines(*counted(context.words, found.total, found.unconfirmed), *written[: len(shown)]),
        rows=rows(
            *(_answering(context, each) for each in shown),
            onward(context.words, "waiting", after, shown[-1].user_id if more else None, argument, refresh),
            _requests(context, found),
            _back(context, profile_id),
        ),
    )


async def _who_asks(context: Context) -> Screen | None:
    """Show those who ask for access, when nobody else waits; None if nobody does."""
    found = await context.read(request_answers.listing, context.actor_id, context.now)
    screen = access_requests.several(context.words, found)
    return replace(screen, rows=(*screen.rows, *rows(_back(context, None)))) if screen else None


async def approve(context: Context, user_id: int, seen: str | None) -> Screen:
    """Approve a sign-up; if the person has changed the address since it was shown, show the new one instead."""
    say = context.words.say
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, user_id, context.now)
    if seen not in (None, waiting.mark):
        changed = say("The address has changed since you read it, so {name} wasn't let in yet.", name=waiting.name)
        again = _listed(context.words, waiting)
        return Screen(text=lines(changed, "", again), rows=rows(_answering(context, waiting), [_to_the_list(context)]))
    state = await context.write(pending_sign_ups.approve, context.actor_id, user_id, context.now, seen=seen)
    if state is UserState.INACTIVE:
        seatless = say("{name} has an account, but no seat is left: it is not active.", name=waiting.name)
        return Screen(text=seatless, rows=rows([_to_the_list(context)]))
    return Screen(text=say("{name} was approved.", name=waiting.name), rows=rows([_to_the_list(context)]))


async def approve_all(context: Context, seen: int) -> Screen:
    """Approve all who wait, if they are as many as the notice said; if not, ask again about those who wait now."""
    try:
        number = await context.write(pending_sign_ups.approve_all, context.actor_id, seen, context.now)
    except PreviewOutdated:
        return await _as_they_are_now(context)
    text = context.words.count("{number} person was let in.", "{number} people were let in.", number)
    return Screen(text=text, rows=rows([_to_the_list(context)]))


async def _as_they_are_now(context: Context) -> Screen:
    listing = await context.read(waiting_sign_ups.listing, context.actor_id, "", context.now)
    if not listing.total:
        return await page(context, FIRST, "")
    names = [each.name for each in listing.waiting if each.awaits is Awaits.APPROVAL]
    return Screen(
        text=lines(
            context.words.say("Not the same people wait as before, so nobody was let in yet."),
            "",
            waiting_in_all(context.words, listing.total),
            several(context.words, names),
        ),
        rows=rows(answering_all(context.words, listing.total), [_to_the_list(context)]),
    )


async def ask_to_decline(context: Context, user_id: int) -> Screen:
    """Ask before a sign-up is declined, naming the person."""
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, user_id, context.now)
    say = context.words.say
    question = say("Decline {name}?", name=waiting.name)
    consequence = say("Their place in “{name}” will be free again.", name=waiting.profile_name)
    declining = tap(say("Decline"), "decline!", user_id, style="danger")
    # No button approves here: it would stand where "Decline" was, and a double tap would approve.
    return Screen(text=lines(question, consequence), rows=rows([declining, _to_the_list(context)]))


async def decline(context: Context, user_id: int) -> Screen:
    """Decline a sign-up after the question."""
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, user_id, context.now)
    await context.write(pending_sign_ups.decline, context.actor_id, user_id, "", context.now)
    return Screen(text=context.words.say("{name} was declined.", name=waiting.name), rows=rows([_to_the_list(context)]))


async def ask_to_free(context: Context, user_id: int) -> Screen:
    """Ask before the place of a sign-up that isn't confirmed is freed, naming the person."""
    found = await context.read(waiting_sign_ups.unconfirmed, context.actor_id, user_id, context.now)
    say = context.words.say
    question = say("Free the place of {name}, who has not confirmed their address yet?", name=found.name)
    consequence = say("Their place in “{name}” will be free again.", name=found.profile_name)
    freeing = tap(say("Free the place"), "free-place!", user_id, style="danger")
    return Screen(text=lines(question, consequence), rows=rows([freeing, _to_the_list(context)]))


async def free(context: Context, user_id: int) -> Screen:
    """Free the place of a sign-up that isn't confirmed, after the question."""
    found = await context.read(waiting_sign_ups.unconfirmed, context.actor_id, user_id, context.now)
    await context.write(pending_sign_ups.free_unconfirmed, context.actor_id, user_id, context.now)
    text = context.words.say("The place of {name} is free again.", name=found.name)
    return Screen(text=text, rows=rows([_to_the_list(context)]))


def _listed(words: Words, waiting: Waiting) -> Markup:
    """Show a pending sign-up: the person, the profile, since when and until when."""
    through = Markup("{} (#{})").format(isolate(waiting.profile_name), waiting.profile_id)
    named = [mail(words, waiting.email), through] if waiting.email else [through]
    if waiting.awaits is Awaits.CONFIRMATION:
        until = words.moment(waiting.expires_at)
        standing = marked(words.say("Not confirmed yet; the place is kept until {until}", until=until))
    else:
        standing = words.say(
            "Since {since}; the place is kept until {until}",
            since=words.moment(waiting.since),
            until=words.moment(waiting.expires_at),
        )
    return lines(Markup("{} (#{})").format(isolate(waiting.name), waiting.user_id), Markup(" · ").join(named), standing)


def _nobody(context: Context, words: str) -> Markup:
    say = context.words.say
    if words:
        return say(
            "No one who is waiting has “{words}” in their name, email, login or profile. /waiting lists everyone.",
            words=words,
        )
    return say("Nobody is waiting for your approval.")


def _answering(context: Context, waiting: Waiting) -> list[InlineKeyboardButton]:
    say, number = context.words.say, waiting.user_id
    if waiting.awaits is Awaits.CONFIRMATION:
        return [tap(say("Free the place of #{number}", number=number), "free-place", number)]
    return [
        tap(say("Approve #{number}", number=number), "approve", number, waiting.mark, style="success"),
        tap(say("Decline #{number}", number=number), "decline", number),
    ]


def _requests(context: Context, found: Listing) -> list[InlineKeyboardButton]:
    """Return the button that leads to the requests for access, if there are any."""
    label = context.words.count("{number} request for access", "{number} requests for access", found.requests)
    return [tap(label, "requests", FIRST)] if found.requests else []


def _back(context: Context, profile_id: int | None) -> list[InlineKeyboardButton]:
    if profile_id is None:
        return [to_home(context.words)]
    return [tap(context.words.say("‹ Profile"), "profile", profile_id)]


def _to_the_list(context: Context) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Waiting"), "waiting", FIRST, "")


COMMANDS = (
    Command(
        name="waiting",
        handler=search,
        summary=N_("List people who are waiting for approval: all, those of a profile, or those with the given words"),
        examples=("/waiting", "/waiting 1", "/waiting anna"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "waiting": acting_on_who_waits(paged(page)),
    "approve": acting_on_who_waits(by_number_and_mark(approve)),
    "approve-all!": acting_on_who_waits(by_number(approve_all)),
    "decline": acting_on_who_waits(by_number(ask_to_decline)),
    "decline!": by_number(decline),
    "free-place": by_number(ask_to_free),
    "free-place!": by_number(free),
}
