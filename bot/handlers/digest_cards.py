"""The card of each of my digests, and its buttons: when it comes and what it is about."""

import re
from collections.abc import Mapping, Sequence
from datetime import time

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens.paging import beside
from bot.screens.screen import Rows, Screen, rows, tap
from bot.screens.stopped_digests import resuming_one
from bot.wording.digest_cards import IN_A_PAIR, about, described, schedule
from bot.wording.text import lines, shortened
from core.domain.cadence import Cadence, Frequency
from core.services import digest_cards, digest_editing
from core.services.digest_cards import BranchChoices, DigestCard
from core.services.digest_editing import USUAL

HOURS = (time(7), time(8), time(9), time(12), time(15), time(17), time(18), time(20))
IN_A_ROW = 4  # of weekdays and hours
DAYS_OF_MONTH = (1, 15, 31)
A_WEEK, LAST_DAY = 7, 31
CLOCK = re.compile("([01][0-9]|2[0-3])[0-5][0-9]")
TOP = NEW = 0  # of the tree; the digest that is yet to be added
ALONE = 36  # letters of a label in a row of its own


async def show(context: Context, digest_id: int) -> Screen:
    """Show the card of one of my digests."""
    return card_screen(context, await context.read(digest_cards.card, context.actor_id, digest_id))


def card_screen(context: Context, card: DigestCard, toast: Markup | None = None) -> Screen:
    """Show a digest's card with its buttons."""
    say, number = context.words.say, card.named.digest_id
    ending = (
        tap(say("Turn it off"), "digest", "off", style="danger")
        if card.main
        else tap(say("Delete"), "digest-delete", number, style="danger")
    )
    return Screen(
        text=described(context.words, card),
        toast=toast,
        rows=rows(
            resuming_one(context.words, card),
            [tap(say("When it comes"), "digest-when", number), tap(say("Where it goes"), "digest-place", number)],
            [
                tap(say("Department"), "digest-where", number, TOP, 0),
                tap(say("Profiles"), "digest-profiles", 0, number),
            ],
            [tap(say("About all profiles"), "digest-all-profiles", number)] if card.named.profiles_lost else [],
            [_switch(say("Silent if nobody joined"), "digest-quiet", number, on=card.quiet)],
            *_files(context, card),
            [tap(say("Send one now"), "digest-send", number), ending],
            [tap(say("‹ Digest"), "digest", "")],
        ),
    )


def _files(context: Context, card: DigestCard) -> Rows:
    """Return the buttons of what follows a digest: its picture, and its spreadsheet for who may export."""
    say, number = context.words.say, card.named.digest_id
    dark = _switch(say("Dark"), "digest-dark", number, on=card.dark) if card.picture else None
    spreadsheet = _switch(say("With a spreadsheet"), "digest-with-file", number, on=card.spreadsheet)
    return rows(
        [_switch(say("With a picture"), "digest-with-picture", number, on=card.picture), dark],
        [spreadsheet] if card.may_export else [],
    )


def _switch(label: Markup, verb: str, number: int, *, on: bool) -> InlineKeyboardButton:
    return tap(f"{'✓' if on else '○'} {label.unescape()}", verb, number, int(not on))


async def when(context: Context, digest_id: int) -> Screen:
    """Show when a digest comes, to choose from."""
    return _when_screen(context, await context.read(digest_cards.card, context.actor_id, digest_id))


async def schedule_it(context: Context, data: str) -> Screen:
    """Give a digest another schedule: `digest:frequency:day:hour and minute`."""
    digest_id, frequency, day, clock = _parts(data, 4)
    cadence = _cadence(frequency, _number(day), clock)
    args = context.actor_id, _number(digest_id), cadence, context.now
    return _when_screen(context, await context.write(digest_editing.reschedule, *args))


def _when_screen(context: Context, card: DigestCard) -> Screen:
    say, language = context.words.say, context.words.language
    now = card.subscription.cadence or USUAL
    number = card.named.digest_id

    def button(label: str, frequency: Frequency, day: int, at: time) -> InlineKeyboardButton:
        offered = Cadence(frequency=frequency, day=day, at=at)
        mark = "✓ " if offered == card.subscription.cadence else ""
        return tap(f"{mark}{label}", "digest-set", number, frequency, day, f"{at:%H%M}")

    days = [button(language.weekday_names()[day], Frequency.WEEKLY, day, now.at) for day in range(A_WEEK)]
    months = [
        button(str(day) if day < LAST_DAY else say("Last").unescape(), Frequency.MONTHLY, day, now.at)
        for day in DAYS_OF_MONTH
    ]
    hours = [button(f"{at:%H:%M}", now.frequency, now.day, at) for at in HOURS]
    return Screen(
        text=lines(
            say("It comes {schedule}.", schedule=schedule(context.words, card.subscription.cadence)),
            say("Choose: every day, a day of the week, or a day of the month; and the time."),
        ),
        rows=rows(
            [button(say("Every day").unescape(), Frequency.DAILY, 0, now.at)],
            *_in_rows(days, IN_A_ROW),
            months,
            *_in_rows(hours, IN_A_ROW),
            [tap(say("‹ Digest"), "digest-card", number)],
        ),
    )


def _in_rows(buttons: Sequence[InlineKeyboardButton], most: int) -> list[Sequence[InlineKeyboardButton]]:
    return [buttons[place : place + most] for place in range(0, len(buttons), most)]


async def where(context: Context, digest_id: int, node: int, page: int, newest: int = 0) -> Screen:
    """Show the departments that a digest can be about; `digest_id` 0: one that is to be added."""
    found = await context.read(digest_cards.branches, context.actor_id, node or None, page)
    say = context.words.say
    return Screen(
        text=lines(
            say("What is the digest about?"),
            Markup("{}:").format(found.here[1]) if found.here else None,
            say("A department counts with all below it."),
        ),
        rows=_branches(context, found, digest_id, newest),
    )


def _branches(context: Context, found: BranchChoices, digest_id: int, newest: int) -> Rows:
    say, node = context.words.say, found.here[0] if found.here else TOP
    children = [
        tap(f"{shortened(name, IN_A_PAIR - 2)} ›", "digest-where", digest_id, number, 0, newest)
        if deeper
        else tap(shortened(name, IN_A_PAIR), "digest-in", digest_id, number, newest)
        for number, name, deeper in found.children
    ]
    whole = (
        tap(say("✔ {name} itself", name=shortened(found.here[1], IN_A_PAIR)), "digest-in", digest_id, node, newest)
        if found.here
        else tap(say("All that I see"), "digest-in", digest_id, TOP, newest)
    )
    return rows(
        [whole],
        *_in_rows(children, 2),
        _turning(found, digest_id, node, newest),
        [_back(context, found, digest_id, newest)],
    )


def _turning(found: BranchChoices, digest_id: int, node: int, newest: int) -> list[InlineKeyboardButton]:
    pages = (("‹", found.page - 1), ("›", found.page + 1))
    return [
        tap(label, "digest-where", digest_id, node, page, newest) for label, page in pages if 0 <= page < found.pages
    ]


def _back(context: Context, found: BranchChoices, digest_id: int, newest: int) -> InlineKeyboardButton:
    say = context.words.say
    if found.here:
        return tap(say("‹ Back"), "digest-where", digest_id, found.above or TOP, 0, newest)
    return tap(say("‹ Digest"), "digest-card", digest_id) if digest_id else tap(say("‹ Digest"), "digest", "")


async def take(context: Context, digest_id: int, department_id: int, newest: int) -> Screen:
    """Let a digest be about a department or all, or add one."""
    chosen = department_id or None
    if digest_id == NEW:
        args = context.actor_id, chosen, context.chat_id, context.now
        return card_screen(context, await context.write(digest_editing.add, *args, newest=newest))
    return card_screen(
        context, await context.write(digest_editing.choose_department, context.actor_id, digest_id, chosen)
    )


async def profiles(context: Context, page: int, digest_id: int) -> Screen:
    """Show the profiles that a digest can be about, those ticked that it is."""
    found = await context.read(digest_cards.profile_choices, context.actor_id, digest_id, page, context.now)
    say = context.words.say
    return Screen(
        text=lines(
            say("Digest: {about}", about=about(context.words, found.named)),
            say("Tick the profiles that it is about. With none it is about all."),
        ),
        rows=rows(
            *(
                [
                    tap(
                        f"{'✓' if each.chosen else '○'} {shortened(each.name, ALONE)}",
                        *("digest-profile", digest_id, each.profile_id, int(not each.chosen), found.page),
                    )
                ]
                for each in found.choices
            ),
            beside(
                found.page, found.pages, "digest-profiles", str(digest_id), before=say("‹ Back"), after=say("More ›")
            ),
            [tap(say("‹ Digest"), "digest-card", digest_id)],
        ),
    )


async def tick(context: Context, digest_id: int, profile_id: int, on: int, page: int) -> Screen:
    """Let a digest be about a profile, or no longer."""
    await context.write(digest_editing.choose_profile, context.actor_id, digest_id, profile_id, chosen=bool(on))
    return await profiles(context, page, digest_id)


async def take_all(context: Context, digest_id: int) -> Screen:
    """Let a digest be about all profiles again."""
    return card_screen(context, await context.write(digest_editing.choose_all_profiles, context.actor_id, digest_id))


async def send(context: Context, digest_id: int) -> Screen:
    """Send a digest now; the card stays."""
    await context.write(digest_editing.send, context.actor_id, digest_id, context.now)
    card = await context.read(digest_cards.card, context.actor_id, digest_id)
    return card_screen(context, card, context.words.say("Your digest is on its way."))


async def delete(context: Context, digest_id: int) -> Screen:
    """Delete a digest, with a button that brings it back."""
    named = await context.write(digest_editing.remove, context.actor_id, digest_id, context.now)
    say = context.words.say
    return Screen(
        text=say("The digest is deleted: {about}.", about=about(context.words, named)),
        rows=rows([tap(say("‹ Digest"), "digest", ""), tap(say("Undo"), "digest-undo", digest_id)]),
    )


async def undo(context: Context, digest_id: int) -> Screen:
    """Bring a deleted digest back."""
    args = context.actor_id, digest_id, context.chat_id, context.now
    return card_screen(context, await context.write(digest_editing.restore, *args), context.words.say("Undone"))


def _parts(data: str, number: int) -> list[str]:
    parts = data.split(":")
    if len(parts) != number:
        raise StaleButton
    return parts


def _number(text: str) -> int:
    if not is_number(text):
        raise StaleButton
    return int(text)


def _cadence(frequency: str, day: int, clock: str) -> Cadence:
    """Read what a button carries; only what a button can offer."""
    days = {Frequency.DAILY: range(1), Frequency.WEEKLY: range(A_WEEK), Frequency.MONTHLY: range(1, LAST_DAY + 1)}
    if frequency not in set(Frequency) or day not in days[Frequency(frequency)] or not CLOCK.fullmatch(clock):
        raise StaleButton
    return Cadence(frequency=Frequency(frequency), day=day, at=time(int(clock[:2]), int(clock[2:])))


BUTTONS: Mapping[str, ButtonHandler] = {
    "digest-card": by_number(show),
    "digest-when": by_number(when),
    "digest-set": schedule_it,
    "digest-where": by_numbers(where, at_least=3, at_most=4),
    "digest-in": by_numbers(take, at_least=3, at_most=3),
    "digest-profiles": by_numbers(profiles, at_least=2, at_most=2),
    "digest-profile": by_numbers(tick, at_least=4, at_most=4),
    "digest-all-profiles": by_number(take_all),
    "digest-send": by_number(send),
    "digest-delete": by_number(delete),
    "digest-undo": by_number(undo),
}
