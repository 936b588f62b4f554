"""/waiting: sign-ups that hold a place without an account yet, and the buttons that answer them, also on the notice.

After an answer the next person of the same list is shown, so that several are answered by a tap each.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import joint_answers
from bot.input.arguments import StaleButton, card_number, is_number
from bot.input.hasty_taps import is_hasty, stamp
from bot.menu.buttons import ButtonHandler, acting_on_who_waits, paged
from bot.menu.command import Command, Subject
from bot.screens import access_requests
from bot.screens.paging import onward
from bot.screens.screen import Screen, rows, tap, to_home
from bot.screens.searches import words_of
from bot.screens.waiting_list import FIRST, Beside, answering, answering_all, answering_one, argument_of_list, listed
from bot.wording.lists import page_of
from bot.wording.phrases import N_
from bot.wording.text import lines
from bot.wording.waiting import counted
from core.domain.access import Permission, UserState
from core.domain.keywords import ANSWERS, last_keyword
from core.services import pending_sign_ups, request_answers, waiting_sign_ups
from core.services.joint_answers import Answer
from core.services.pending_sign_ups import Awaits
from core.services.waiting_sign_ups import Listing, Waiting

MEANT = dict(zip(ANSWERS, Answer, strict=True))


@dataclass(frozen=True, kw_only=True)
class Tapped:
    """A button beside a person: what it carries of them (None: nothing), of its screen's moment, and of its list."""

    user_id: int
    seen: str | None
    stamped: int | None
    words: str


async def typed(context: Context, text: str) -> Screen:
    """List who waits, or ask whether to answer all of them: `7 approve all`."""
    answer, words = last_keyword(text, ANSWERS)
    if answer is None:
        return await page(context, FIRST, text)
    return await joint_answers.ask(context, MEANT[answer], words) or await page(context, FIRST, words)


async def page(context: Context, after: int, words: str, said: Markup | None = None) -> Screen:
    """List a page of pending sign-ups, after a number, each with the buttons that answer it.

    All, those of a profile by its number, or those with these words. `said`: what has just been done.
    """
    found = await _listing(context, after, words)
    if not found.total + found.unconfirmed:
        return await _nobody_left(context, found, words, said)
    written = [lines("", listed(context.words, each)) for each in found.waiting]
    shown = [found.waiting[place] for place in page_of(written, 0, most=len(written)).places]
    more = found.newer_than is not None or len(shown) < len(written)
    argument = await argument_of_list(context, words)
    beside = Beside(argument=argument, stamped=stamp(context.engine.now()) if said else "")
    refresh = tap(context.words.say("Refresh"), "waiting", after, argument)
    return Screen(
        text=lines(said, *counted(context.words, found.total, found.unconfirmed), *written[: len(shown)]),
        rows=rows(
            *(answering(context.words, each, beside) for each in shown),
            *answering_all(context.words, found.total, argument),
            onward(context.words, "waiting", after, shown[-1].user_id if more else None, argument, refresh),
            _requests(context, found),
            _back(context, words),
        ),
    )


async def approve(context: Context, tapped: Tapped) -> Screen:
    """Approve a sign-up, and show the next one.

    If the person has changed the address since it was shown, show the new one instead; and the person again, if they
    were shown a moment ago only.
    """
    say = context.words.say
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, tapped.user_id, context.now)
    if is_hasty(tapped.stamped, context.now):
        return replace(await _one(context, None, waiting, tapped.words), toast=say("Look first: this is the next one."))
    if tapped.seen not in (None, waiting.mark):
        changed = say("The address has changed since you read it, so {name} wasn't let in yet.", name=waiting.name)
        return await _one(context, lines(changed, ""), waiting, tapped.words)
    state = await context.write(
        pending_sign_ups.approve, context.actor_id, tapped.user_id, context.now, seen=tapped.seen
    )
    if state is UserState.INACTIVE:
        said = say("{name} has an account, but no seat is left: it is not active.", name=waiting.name)
    else:
        said = say("{name} was approved.", name=waiting.name)
    return await _next(context, said, tapped)


async def ask_to_decline(context: Context, tapped: Tapped) -> Screen:
    """Ask before a sign-up is declined, naming the person."""
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, tapped.user_id, context.now)
    say = context.words.say
    question = say("Decline {name}?", name=waiting.name)
    # No button approves here: it would stand where "Decline" was, and a double tap would approve.
    return await _asked(context, question, waiting, say("Decline"), "decline!", tapped.words)


async def decline(context: Context, tapped: Tapped) -> Screen:
    """Decline a sign-up after the question, and show the next one."""
    waiting = await context.read(waiting_sign_ups.waiting, context.actor_id, tapped.user_id, context.now)
    await context.write(pending_sign_ups.decline, context.actor_id, tapped.user_id, "", context.now)
    return await _next(context, context.words.say("{name} was declined.", name=waiting.name), tapped)


async def ask_to_free(context: Context, tapped: Tapped) -> Screen:
    """Ask before the place of a sign-up that isn't confirmed is freed, naming the person."""
    found = await context.read(waiting_sign_ups.unconfirmed, context.actor_id, tapped.user_id, context.now)
    say = context.words.say
    question = say("Free the place of {name}, who has not confirmed their address yet?", name=found.name)
    return await _asked(context, question, found, say("Free the place"), "free-place!", tapped.words)


async def free(context: Context, tapped: Tapped) -> Screen:
    """Free the place of a sign-up that isn't confirmed, after the question, and list who is left."""
    found = await context.read(waiting_sign_ups.unconfirmed, context.actor_id, tapped.user_id, context.now)
    await context.write(pending_sign_ups.free_unconfirmed, context.actor_id, tapped.user_id, context.now)
    said = context.words.say("The place of {name} is free again.", name=found.name)
    return await page(context, FIRST, tapped.words, said)


async def _next(context: Context, said: Markup, answered: Tapped) -> Screen:
    """Show who is next on the list, after the one who was answered or else from its beginning; if nobody is, say so."""
    for after in (answered.user_id, FIRST):
        found = await _listing(context, after, answered.words)
        if following := [each for each in found.waiting if each.awaits is Awaits.APPROVAL]:
            left = counted(context.words, found.total, found.unconfirmed)
            return await _one(context, lines(said, *left, ""), following[0], answered.words)
    return await page(context, FIRST, answered.words, said)


async def _one(context: Context, said: Markup | None, waiting: Waiting, words: str) -> Screen:
    """Show one person with the buttons that answer them, which a tap that was meant for another doesn't set off."""
    beside = Beside(argument=await argument_of_list(context, words), stamped=stamp(context.engine.now()))
    return Screen(
        text=lines(said, listed(context.words, waiting)),
        rows=rows(answering_one(context.words, waiting, beside), [_to_the_list(context, beside.argument)]),
    )


async def _asked(context: Context, question: Markup, waiting: Waiting, label: Markup, verb: str, words: str) -> Screen:
    """Ask before the place of a person is free again."""
    consequence = context.words.say("Their place in “{name}” will be free again.", name=waiting.profile_name)
    argument = await argument_of_list(context, words)
    acting = tap(label, verb, waiting.user_id, "", "", argument, style="danger")
    return Screen(text=lines(question, consequence), rows=rows([acting, _to_the_list(context, argument)]))


async def _listing(context: Context, after: int, words: str) -> Listing:
    profile_id = card_number(words)
    asked = "" if profile_id is not None else words
    return await context.read(
        waiting_sign_ups.listing, context.actor_id, asked, context.now, after=after, profile_id=profile_id
    )


async def _nobody_left(context: Context, found: Listing, words: str, said: Markup | None) -> Screen:
    """Show those who ask for access, when nobody else waits; or say that nobody does."""
    if not words and found.requests:
        asked = await context.read(request_answers.listing, context.actor_id, context.now)
        stamped = stamp(context.engine.now()) if said else ""
        if screen := access_requests.several(context.words, asked, stamped=stamped):
            text = lines(said, "", screen.text) if said else screen.text
            return replace(screen, text=text, rows=(*screen.rows, *rows(_back(context, words))))
    asked_for = "" if card_number(words) is not None else words
    return Screen(
        text=lines(said, _nobody(context, asked_for, said)),
        rows=rows(_requests(context, found), _back(context, words)),
    )


def _nobody(context: Context, words: str, said: Markup | None) -> Markup:
    say = context.words.say
    if words and not said:
        return say(
            "No one who is waiting has “{words}” in their name, email, login or profile. /waiting lists everyone.",
            words=words,
        )
    return say("Nobody is waiting for your approval.")


def _requests(context: Context, found: Listing) -> list[InlineKeyboardButton]:
    """Return the button that leads to the requests for access, if there are any."""
    label = context.words.count("{number} request for access", "{number} requests for access", found.requests)
    return [tap(label, "requests", FIRST)] if found.requests else []


def _back(context: Context, words: str) -> list[InlineKeyboardButton]:
    profile_id = card_number(words)
    if profile_id is None:
        return [to_home(context.words)]
    return [tap(context.words.say("‹ Profile"), "profile", profile_id)]


def _to_the_list(context: Context, argument: str) -> InlineKeyboardButton:
    return tap(context.words.say("‹ Waiting"), "waiting", FIRST, argument)


def _beside_a_person(handler: Callable[[Context, Tapped], Awaitable[Screen]]) -> ButtonHandler:
    """Call the handler with what a button beside a person carries: `number[:seen[:stamp:list]]`."""

    async def handle_button(context: Context, arguments: str) -> Screen:
        number, seen, stamped, argument = [*arguments.split(":", 3), "", "", ""][:4]
        if not is_number(number) or not (is_number(stamped) or not stamped):
            raise StaleButton
        tapped = Tapped(
            user_id=int(number),
            seen=seen or None,
            stamped=int(stamped) if stamped else None,
            words=await words_of(context, argument),
        )
        return await handler(context, tapped)

    return handle_button


COMMANDS = (
    Command(
        name="waiting",
        handler=typed,
        summary=N_("List people who are waiting for approval: all, those of a profile, or those with the given words"),
        examples=("/waiting", "/waiting 1", "/waiting anna", "/waiting 1 approve all"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        keywords=ANSWERS,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "waiting": acting_on_who_waits(paged(page)),
    "approve": acting_on_who_waits(_beside_a_person(approve)),
    "decline": acting_on_who_waits(_beside_a_person(ask_to_decline)),
    "decline!": _beside_a_person(decline),
    "free-place": _beside_a_person(ask_to_free),
    "free-place!": _beside_a_person(free),
}
