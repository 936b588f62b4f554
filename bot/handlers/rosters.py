"""/expect and /missing: whom a profile's manager expects, and who of them hasn't come."""

import asyncio
from collections.abc import Iterator, Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import dialogues
from bot.input.arguments import StaleButton, is_number, number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Command, Subject
from bot.screens import spreadsheets
from bot.screens.screen import Attachment, Rows, Screen, rows, tap, to_home
from bot.wording.addresses import mail
from bot.wording.phrases import N_
from bot.wording.rosters import came, known
from bot.wording.text import command, isolate, lines, shortened
from core.domain.access import Permission
from core.domain.addresses import told_apart
from core.rosters.grid import LARGEST, MOST_ROWS
from core.services import profiles, roster_lists, rosters
from core.services.rosters import Missing, MissingPerson, Roster

EXPORTED_AT_ONCE = 2000
CHOICES = 6  # profiles to choose from
LONGEST_LABEL = 40
ROOM_FOR_ADDRESSES = 2500  # characters of a message


async def expect(context: Context, text: str) -> Screen:
    """Ask for the list of a profile's expected people; without a number, for which profile."""
    return await ask(context, number(text)) if text else await choose(context, "expect")


async def ask(context: Context, profile_id: int) -> Screen:
    """Show a profile's roster, and ask for a list, which an open form doesn't take as its answer."""
    found = await context.write(roster_lists.ask, context.actor_id, profile_id, context.now)
    if context.person.has_open_form:
        await dialogues.leave(context)
    return asked(context, found)


async def choose(context: Context, verb: str) -> Screen:
    """Let the person choose one of their newest profiles."""
    found = await context.read(profiles.shareable, context.actor_id, "", context.now, at_most=CHOICES)
    if not found:
        return Screen(text=context.words.say("You have no sign-up profile yet. /newprofile creates one."))
    buttons = ([tap(card.name[:LONGEST_LABEL], verb, card.profile_id)] for card in found)
    return Screen(text=context.words.say("Which profile do you mean?"), rows=rows(*buttons, [to_home(context.words)]))


def asked(context: Context, found: Roster, *, toast: Markup | None = None) -> Screen:
    """Show a roster, and how to send a list."""
    say = context.words.say
    how = say(
        "Paste names and addresses, or send a CSV or XLSX file ({rows} rows, {size} MiB at most).",
        rows=MOST_ROWS,
        size=LARGEST // 1024**2,
    )
    if not found.expected:
        title = say("{name}: who do you expect?", name=found.profile_name)
        return Screen(text=lines(title, how), rows=rows(_back(context, found)), toast=toast)
    switch = say("Only these: on") if found.only_expected else say("Only these: off")
    return Screen(
        text=lines(
            headline(context, found),
            say("Only these people can sign up.") if found.only_expected else say("Others can sign up, too."),
            "",
            how,
        ),
        rows=rows(
            [tap(say("Who's missing · {number}", number=found.missing), "missing", found.profile_id)],
            [tap(switch, "expectonly", found.profile_id, int(not found.only_expected))],
            _back(context, found),
            [tap(say("Delete the list"), "unexpect", found.profile_id, style="danger")],
        ),
        toast=toast,
    )


def headline(context: Context, found: Roster) -> Markup:
    """Say how many of the expected came, and how many are missing."""
    came = context.words.say("{came} of {expected} came", came=found.came, expected=found.expected)
    missing = context.words.count("{number} is missing", "{number} are missing", found.missing)
    return Markup("<b>{}</b> · {} · {}").format(isolate(found.profile_name), came, missing)


async def switch(context: Context, profile_id: int, on: int) -> Screen:
    """Let only the expected sign up, or everybody."""
    if on not in (0, 1):
        raise StaleButton
    found = await context.write(rosters.let_only_expected, context.actor_id, profile_id, context.now, on=bool(on))
    return asked(context, found)


async def ask_to_remove(context: Context, profile_id: int) -> Screen:
    """Ask whether to delete a roster."""
    found = await context.read(rosters.show, context.actor_id, profile_id)
    question = context.words.count(
        "Delete the list of {number} person expected through {name}? People who have signed up stay.",
        "Delete the list of {number} people expected through {name}? People who have signed up stay.",
        found.expected,
        name=found.profile_name,
    )
    say = context.words.say
    back = tap(say("‹ Back"), "expect", profile_id)
    return Screen(
        text=question, rows=rows([back], [tap(say("Delete the list"), "unexpected", profile_id, style="danger")])
    )


async def remove(context: Context, profile_id: int) -> Screen:
    """Delete a roster."""
    found = await context.write(rosters.remove, context.actor_id, profile_id, context.now)
    return asked(context, found, toast=context.words.say("The list is deleted."))


async def take_off(context: Context, profile_id: int, person: int) -> Screen:
    """Take one person off a roster, and show who is missing."""
    found = await context.write(rosters.take_off, context.actor_id, profile_id, person, context.now)
    return asked(context, found, toast=context.words.say("Taken off the list."))


async def missing(context: Context, text: str) -> Screen:
    """Show who hasn't come; without a number, ask of which profile."""
    return await missing_page(context, number(text)) if text else await lists(context)


async def lists(context: Context, _arguments: str = "") -> Screen:
    """List the newest rosters, each with how many are missing."""
    found = await context.read(rosters.newest, context.actor_id, at_most=CHOICES)
    if not found:
        return await choose(context, "expect")
    buttons = (
        [tap(f"{shortened(each.profile_name, LONGEST_LABEL)} · {each.missing}", "missing", each.profile_id)]
        for each in found
    )
    said = (Markup("<b>{}</b>\n{}").format(isolate(each.profile_name), came(context.words, each)) for each in found)
    return Screen(text=lines(context.words.say("Who's missing"), *said), rows=rows(*buttons, [to_home(context.words)]))


async def missing_page(context: Context, profile_id: int, after: int = 0, before: int = 0) -> Screen:
    """Show a page of those who haven't come; `before` so many stand on earlier pages."""
    found = await context.read(rosters.missing, context.actor_id, profile_id, after=after)
    say, roster = context.words.say, found.roster
    if not roster.expected:
        return asked(context, await context.read(rosters.show, context.actor_id, profile_id))
    nobody = None if found.people else say("Nobody is missing.")
    return Screen(
        text=lines(
            headline(context, roster),
            *(_person(context, place, each) for place, each in enumerate(found.people, before + 1)),
            nobody,
            _hidden(context, roster),
            say("On no list, but came: {number}", number=roster.unexpected) if roster.unexpected else None,
        ),
        rows=_missing_buttons(context, found, after, before),
    )


def _hidden(context: Context, roster: Roster) -> Markup | None:
    if not roster.hidden:
        return None
    return context.words.count(
        "{number} came, but is hidden from you", "{number} came, but are hidden from you", roster.hidden
    )


def _person(context: Context, place: int, person: MissingPerson) -> Markup:
    parts = [isolate(person.name) if person.name else None, mail(context.words, person.email) if person.email else None]
    shown = [part for part in (*parts, isolate(person.phone or "") if not person.email else None) if part]
    return Markup("{}. {} · {}").format(place, Markup(", ").join(shown), known(context.words, person))


def _missing_buttons(context: Context, found: Missing, after: int, before: int) -> Rows:
    say, profile_id = context.words.say, found.roster.profile_id
    first = [tap(say("« First"), "missing", profile_id)] if after else []
    more = [tap(say("More ›"), "missing", profile_id, found.last, before + len(found.people))] if found.last else []
    exporting = [tap("CSV", "missingfile", profile_id, "csv"), tap("XLSX", "missingfile", profile_id, "xlsx")]
    return rows(
        first + more,
        [tap(say("Send by email"), "sendmissing", profile_id)] if found.people else [],
        [tap(say("Text to forward"), "missingtext", profile_id)] if found.people else [],
        [tap(say("Remind all · {number}", number=found.roster.missing), "remind-missing", profile_id)]
        if found.people
        else [],
        exporting if found.people else [],
        [tap(say("Expected people"), "expect", profile_id)],
        _back(context, found.roster),
    )


def _back(context: Context, roster: Roster) -> list[InlineKeyboardButton]:
    return [tap(context.words.say("‹ Profile"), "profile", roster.profile_id)]


async def text_to_forward(context: Context, profile_id: int) -> Screen:
    """Write what the manager can forward to the missing: the link, and their addresses to copy."""
    found = await context.read(rosters.missing, context.actor_id, profile_id, size=EXPORTED_AT_ONCE)
    say = context.words.say
    until = context.words.clock(found.ends_at)
    addresses, room = list[str](), ROOM_FOR_ADDRESSES
    for each in found.people:
        room -= len(each.email or "") + 2
        addresses += [told_apart(each.email)] if each.email and room > 0 else []
    return Screen(
        text=lines(
            say("Please sign up for {name} until {until}:", name=found.roster.profile_name, until=until),
            context.link(found.token),
            "",
            say("To the addresses:") if addresses else None,
            command(", ".join(addresses)) if addresses else None,
        ),
        rows=rows([tap(say("‹ Who's missing"), "missing", profile_id)]),
    )


async def send_missing(context: Context, data: str) -> Screen:
    """Send those who haven't come as a file, from `profile:kind`; the export is recorded first."""
    profile_id, _, kind = data.partition(":")
    if not is_number(profile_id) or kind not in spreadsheets.KINDS:
        raise StaleButton
    await context.write(rosters.begin_export, context.actor_id, int(profile_id), context.now)
    found = await context.read(rosters.missing, context.actor_id, int(profile_id), size=EXPORTED_AT_ONCE)
    say, title = context.words.say, headline(context, found.roster)
    header = [each.unescape() for each in (say("Name"), say("Email address"), say("Phone"), say("State"))]
    sheet = await asyncio.to_thread(spreadsheets.KINDS[kind], header)
    await asyncio.to_thread(sheet.add, _cells(context, found))
    while found.last is not None:
        found = await context.read(
            rosters.missing, context.actor_id, int(profile_id), after=found.last, size=EXPORTED_AT_ONCE
        )
        await asyncio.to_thread(sheet.add, _cells(context, found))
    name = f"gangway-{profile_id}-missing-{context.now:%Y-%m-%d}.{kind}"
    return Screen(text=title, attachment=Attachment(name=name, contents=await asyncio.to_thread(sheet.finish)))


def _cells(context: Context, found: Missing) -> Iterator[list[str]]:
    for each in found.people:
        email = told_apart(each.email) if each.email else ""
        yield [each.name, email, each.phone or "", known(context.words, each).unescape()]


COMMANDS = (
    Command(
        name="expect",
        handler=expect,
        summary=N_("Say whom you expect through a profile"),
        examples=("/expect 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
    ),
    Command(
        name="missing",
        handler=missing,
        summary=N_("Show who of the expected hasn't come"),
        examples=("/missing 1",),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "expect": by_number(ask),
    "expectonly": by_numbers(switch, at_least=2, at_most=2),
    "unexpect": by_number(ask_to_remove),
    "unexpected": by_number(remove),
    "expect-off": by_numbers(take_off, at_least=2, at_most=2),
    "rosters": lists,
    "missing": by_numbers(missing_page, at_most=3),
    "missingtext": by_number(text_to_forward),
    "missingfile": send_missing,
}
