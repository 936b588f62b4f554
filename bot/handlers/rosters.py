"""/expect: whom a manager expects through a profile, or in a department."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.context import Context
from bot.handlers import guides, list_questions
from bot.handlers.newest_profiles import MOST_PROFILES, newest_profiles
from bot.input.arguments import StaleButton, card_number, is_number
from bot.input.roster_targets import read_roster, roster_target
from bot.menu.buttons import ButtonHandler, of_roster
from bot.screens.lost_files import file_again
from bot.screens.roster_lockouts import question
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap, to_home
from bot.wording import rosters as wording
from bot.wording.phrases import Words
from bot.wording.refusals import refusal
from bot.wording.roster_lists import how_to_send
from bot.wording.text import isolate, lines, shortened
from core.domain.rosters import RosterOf
from core.domain.text import key
from core.errors import DepartmentNotFound, LastExpected, RosterNotFound
from core.services import profile_lists, roster_lockouts, rosters
from core.services.profiles import Card
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from core.services.rosters import Roster

SWITCHED, REMOVED, TAKEN_OFF = "expectonly!", "unexpected", "expect-off!"  # after a question
Choosing = tuple[str, *tuple[object, ...]]
HOLDERS: Mapping[str, Callable[[int], RosterOf]] = {  # by the verb of the button to one
    "profile": lambda number: RosterOf(profile_id=number),
    "department": lambda number: RosterOf(department_id=number),
}


async def expect(context: Context, text: str) -> Screen:
    """Ask for the list of a profile's or a department's expected people; without a name, for whose."""
    return (
        await for_named(context, text, ("expect",), ask)
        if text
        else await choose(context, "expect", to_departments(context.words))
    )


async def for_named(
    context: Context, text: str, choosing: Choosing, answer: Callable[[Context, RosterOf], Awaitable[Screen]]
) -> Screen:
    """Answer about the roster that a text names: a profile's, by its number or name, or a department's.

    If several are meant, ask which; `choosing` is what the buttons carry before the roster: a verb, and arguments.
    Raises RosterNotFound for what names neither, of a path DepartmentNotFound.
    """
    if (number := card_number(text)) is not None:
        return await answer(context, RosterOf(profile_id=number))
    cards = await context.read(profile_lists.meant, context.actor_id, text, context.now, at_most=MOST_PROFILES + 1)
    try:
        found = await context.read(rosters.find, context.actor_id, text)
    except (DepartmentNotFound, RosterNotFound):
        if not cards:
            raise
        if len(cards) == 1:
            return await answer(context, RosterOf(profile_id=cards[0].profile_id))
        return _which(context, choosing, cards)
    if same := [card for card in cards if key(card.name) == key(text)]:
        department = tap(context.words.say("The department"), *choosing, roster_target(found))
        return _which(context, choosing, same, department)
    return await answer(context, found)


def _which(context: Context, choosing: Choosing, cards: Sequence[Card], *further: InlineKeyboardButton) -> Screen:
    """Ask which of some profiles is meant, or what else there is."""
    shown, say = cards[:MOST_PROFILES], context.words.say
    labels = ((f"{shortened(card.name, LONGEST_LABEL)} (#{card.profile_id})", card.profile_id) for card in shown)
    question = say("Which one do you mean?") if further else say("Which profile do you mean?")
    more = say("Others are called so, too: type more of the name.") if len(cards) > len(shown) else None
    return Screen(
        text=lines(question, more, file_again(context)),
        rows=rows(*([tap(label, *choosing, number)] for label, number in labels), [*further], [to_home(context.words)]),
    )


async def ask(context: Context, of: RosterOf) -> Screen:
    """Show a roster, and ask for a list."""
    return await asked(context, await context.read(rosters.show, context.actor_id, of))


async def choose(context: Context, verb: str, *further: InlineKeyboardButton) -> Screen:
    """Let the person choose one of their newest profiles; the verb of the button is the name of the command, too."""
    found = await newest_profiles(context, verb, lambda label, number: tap(label, verb, number))
    return found.question(context.words, *further, then=file_again(context))


async def choose_department(context: Context, _arguments: str) -> Screen:
    """Ask for the department whose people are expected."""
    return await guides.ask(context, guides.Guide(command=guides.find(context, "expect"), origin="open:expect"))


async def asked(context: Context, found: Roster, *, toast: Markup | None = None) -> Screen:
    """Show a roster, and ask for a list."""
    say, target = context.words.say, roster_target(found.of)
    await list_questions.expect(context, About.ROSTER, found.of)
    how = how_to_send(context.words)
    switch = say("Only these: on") if found.only_expected else say("Only these: off")
    switching = [tap(switch, "expectonly", target, int(not found.only_expected))]
    back = [to_holder(context.words, found.of)]
    if not found.expected:
        title = say("{name}: who do you expect?", name=found.name)
        closed = wording.nobody(context.words, found)
        return Screen(
            text=lines(title, closed, how), rows=rows(switching if found.only_expected else [], back), toast=toast
        )
    return Screen(
        text=lines(
            headline(context.words, found),
            wording.hidden(context.words, found) if found.hidden else None,
            *wording.let_in(context.words, found),
            "",
            how,
        ),
        rows=rows(
            [tap(say("Who's missing · {number}", number=found.missing), "missing", target)],
            switching,
            back,
            [tap(say("Delete the list"), "unexpect", target, style="danger")],
        ),
        toast=toast,
    )


def headline(words: Words, found: Roster) -> Markup:
    """Say how many of the expected came, and how many are missing."""
    came = words.count(
        "{number} of {expected} came", "{number} of {expected} came", found.came, expected=found.expected
    )
    missing = words.count("{number} is missing", "{number} are missing", found.missing)
    return Markup("<b>{}</b> · {} · {}").format(isolate(found.name), came, missing)


def to_holder(words: Words, of: RosterOf) -> InlineKeyboardButton:
    """Return the button back to the profile or department."""
    if of.profile_id is not None:
        return tap(words.say("‹ Profile"), "profile", of.profile_id)
    return tap(words.say("‹ Department"), "department", of.department_id or 0, 0)


def holder_on(keyboard: InlineKeyboardMarkup | None) -> RosterOf | None:
    """Return the profile or department to which a screen's button leads back (`to_holder`); None if there is none."""
    for button in (each for row in (keyboard.inline_keyboard if keyboard else ()) for each in row):
        verb, _, numbers = str(button.callback_data).partition(":")
        number = numbers.partition(":")[0]
        if verb in HOLDERS and is_number(number):
            return HOLDERS[verb](int(number))
    return None


async def ask_to_switch(context: Context, of: RosterOf, on: int) -> Screen:
    """Let only the expected sign up, or everybody; ask first if that locks out people who got the link."""
    if on not in (0, 1):
        raise StaleButton
    if not on:
        opened = await context.write(rosters.let_everybody, context.actor_id, of, context.now)
        return await asked(context, opened)
    found = await context.read(roster_lockouts.of_switch, context.actor_id, of, context.now)
    target = roster_target(of)
    if not found.people:
        return await _switch_on(context, of, Lockout.ACCEPT, found.seen)
    add, accept = (f"{SWITCHED}:{target}:{answer}:{found.seen}" for answer in (Lockout.ADD, Lockout.ACCEPT))
    back = tap(context.words.say("‹ Back"), "expect", target)
    return question(context.words, found, add=add, accept=accept, back=back)


async def switch_on(context: Context, data: str) -> Screen:
    """Let only the expected sign up, after the question: `<whose>:<what becomes of the others>:<seen>`."""
    target, answer, seen = [*data.split(":", 2), "", ""][:3]
    if answer not in set(Lockout):
        raise StaleButton
    return await _switch_on(context, read_roster(target), Lockout(answer), seen)


async def ask_anew_to_switch(context: Context, data: str) -> Screen:
    """Ask by the arguments of the button that switches on: others would be locked out now."""
    return await ask_to_switch(context, read_roster(data.partition(":")[0]), 1)


async def _switch_on(context: Context, of: RosterOf, lockout: Lockout, seen: str) -> Screen:
    found = await context.write(
        roster_lockouts.switch_on, context.actor_id, of, context.now, seen=seen, lockout=lockout
    )
    return await asked(context, found)


async def ask_to_remove(context: Context, of: RosterOf) -> Screen:
    """Ask whether to delete a roster."""
    meant = await context.read(rosters.removal, context.actor_id, of)
    if not meant.roster.expected:
        return await asked(context, meant.roster)
    say, target = context.words.say, roster_target(of)
    back, delete = (
        tap(say("‹ Back"), "expect", target),
        tap(say("Delete the list"), REMOVED, target, meant.seen, style="danger"),
    )
    text = lines(wording.deletion(context.words, meant.roster), *wording.let_in_without(context.words, meant.roster))
    return Screen(text=text, rows=rows([back], [delete]))


async def remove(context: Context, data: str) -> Screen:
    """Delete a roster after the question: `<whose>:<seen>`."""
    target, _, seen = data.partition(":")
    if not seen:
        raise StaleButton
    found = await context.write(rosters.remove, context.actor_id, read_roster(target), context.now, seen=seen)
    return await asked(context, found, toast=context.words.say("The list is deleted."))


async def ask_anew_to_remove(context: Context, data: str) -> Screen:
    """Ask by the arguments of the button that deletes: others are on the list now."""
    return await ask_to_remove(context, read_roster(data.partition(":")[0]))


async def take_off(context: Context, of: RosterOf, person: int) -> Screen:
    """Take one person off a roster, and show it; ask first if nobody could sign up any more."""
    try:
        return await _taken_off(context, of, person)
    except LastExpected as refused:
        say, target = context.words.say, roster_target(of)
        return Screen(
            text=refusal(context.words, refused),
            rows=rows(
                [tap(say("‹ Who's missing"), "missing", target)],
                [tap(say("Take off anyway"), TAKEN_OFF, target, person, style="danger")],
            ),
        )


async def take_off_last(context: Context, of: RosterOf, person: int) -> Screen:
    """Take one person off a roster after the question."""
    return await _taken_off(context, of, person, even_last=True)


async def _taken_off(context: Context, of: RosterOf, person: int, *, even_last: bool = False) -> Screen:
    found = await context.write(rosters.take_off, context.actor_id, of, person, context.now, even_last=even_last)
    return await asked(context, found, toast=context.words.say("Taken off the list."))


def to_departments(words: Words) -> InlineKeyboardButton:
    """Return the button that asks for a department."""
    return tap(words.say("One department"), "expect-where")


BUTTONS: Mapping[str, ButtonHandler] = {
    "expect": of_roster(ask),
    "expect-where": choose_department,
    "expectonly": of_roster(ask_to_switch, at_least=1),
    SWITCHED: switch_on,
    "unexpect": of_roster(ask_to_remove),
    REMOVED: remove,
    "expect-off": of_roster(take_off, at_least=1),
    TAKEN_OFF: of_roster(take_off_last, at_least=1),
}
