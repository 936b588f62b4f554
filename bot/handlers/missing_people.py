"""/missing: who of the people expected through a profile or in a department hasn't come."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import reminder_choosing, reminders_by_name, unlisted_arrivals
from bot.handlers.planned_reminders import to_planned
from bot.handlers.rosters import (
    asked,
    choose,
    for_named,
    headline,
    to_departments,
    to_holder,
)
from bot.input.arguments import StaleButton, card_number, is_number
from bot.input.roster_targets import TO_REMIND, TO_SEE, read_roster, roster_target
from bot.menu.buttons import ButtonHandler, of_roster
from bot.menu.command import Command, Subject
from bot.screens import missing_cells, spreadsheets
from bot.screens.link_cures import curing_row
from bot.screens.paging import beside
from bot.screens.screen import LONGEST_LABEL, Attachment, Rows, Screen, copy, copy_all, rows, tap, to_home
from bot.wording.addresses import mail
from bot.wording.link_mails import not_working
from bot.wording.phrases import N_, Words
from bot.wording.rosters import came, closed, hidden, invitation, known, no_link, nobody_left
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.addresses import told_apart
from core.domain.keywords import REMIND, find_keyword
from core.domain.rosters import RosterOf
from core.errors import DepartmentNotFound, RosterNotFound
from core.rosters.addresses_in_text import addresses_in
from core.services import roster_pages, rosters
from core.services.link_letters import SENDABLE
from core.services.roster_pages import RosterPage
from core.services.rosters import Missing, MissingPerson, RosterLink

EXPORTED_AT_ONCE = 2000


async def missing(context: Context, text: str) -> Screen:
    """Show who hasn't come; without a number or a department, ask of which. After `remind`: remind those named."""
    if not text:
        return await lists(context)
    parts = _divided(text)
    if parts is None:
        return await for_named(context, text, ("missing",), missing_page)
    if card_number(parts[0]) is not None or any(addresses_in(parts[1])):
        return await _remind(context, *parts)
    try:  # names may have the word in them
        return await for_named(context, text, ("missing",), missing_page)
    except (DepartmentNotFound, RosterNotFound):
        return await _remind(context, *parts)


async def _remind(context: Context, whose: str, whom: str) -> Screen:
    choosing = await reminders_by_name.once_chosen(context, whom)
    return await for_named(context, whose, choosing, partial(reminders_by_name.typed, whom=whom))


def _divided(text: str) -> tuple[str, str] | None:
    """Divide a line at the last word `remind`: whose roster it is, and whom to remind; None without that word."""
    words = text.split()
    for place in range(len(words) - 1, 0, -1):
        if find_keyword(words[place], REMIND):
            return " ".join(words[:place]), " ".join(words[place + 1 :])
    return None


async def lists(context: Context, data: str = "") -> Screen:
    """Show a page of the rosters, each with how many are missing, from `what for:page:digest`, all optional.

    For `missing` and `remind`, only rosters with missing people are listed; otherwise these come first.
    """
    purpose, wanted, run = [*data.split(":"), "", ""][:3]
    if not all(is_number(each) for each in (wanted, run) if each):
        raise StaleButton
    found = await context.read(
        roster_pages.page,
        context.actor_id,
        int(wanted or 0),
        run_id=int(run) if run else None,
        only_missing=purpose in {TO_SEE, TO_REMIND},
    )
    if not found.rosters and not purpose:
        return await choose(context, "expect", to_departments(context.words))
    return _listed(context, found, purpose, run)


def _listed(context: Context, found: RosterPage, purpose: str, run: str) -> Screen:
    words, verb = context.words, "remind-missing" if purpose == TO_REMIND else "missing"
    buttons = (
        [tap(f"{shortened(each.name, LONGEST_LABEL)} · {each.missing}", verb, roster_target(each.of))]
        for each in found.rosters
    )
    paging = beside(
        found.number, found.pages, f"rosters:{purpose}", run, before=words.say("‹ Back"), after=words.say("More ›")
    )
    said = lines(*_said(words, found, purpose)) if found.rosters else words.say("Nobody is missing.")
    return Screen(text=said, rows=rows(*buttons, paging, [to_home(words)]))


def _said(words: Words, found: RosterPage, purpose: str) -> Iterator[Markup]:
    yield words.say("Remind those who haven't come") if purpose == TO_REMIND else words.say("Who's missing")
    for each in found.rosters:
        yield Markup("<b>{}</b>\n{}").format(isolate(each.name), came(words, each))
    if found.missing != found.missing_by_list:
        yield words.count(
            "In all {number} is missing: who is on a list further down, too, is counted only there.",
            "In all {number} are missing: who is on a list further down, too, is counted only there.",
            found.missing,
        )


async def missing_page(context: Context, of: RosterOf, after: int = 0, before: int = 0) -> Screen:
    """Show a page of those who haven't come; `before` so many stand on earlier pages."""
    found = await context.read(rosters.missing, context.actor_id, of, after=after)
    say, roster = context.words.say, found.roster
    if not roster.expected:
        return await asked(context, await context.read(rosters.show, context.actor_id, of))
    nobody = None if found.people else say("Nobody is missing.")
    return Screen(
        text=lines(
            headline(context.words, roster),
            *(_person(context, place, each) for place, each in enumerate(found.people, before + 1)),
            nobody,
            hidden(context.words, roster) if roster.hidden else None,
            unlisted_arrivals.counted(context.words, roster),
        ),
        rows=_buttons(context, found, after, before),
    )


def _person(context: Context, place: int, person: MissingPerson) -> Markup:
    parts = [isolate(person.name) if person.name else None, mail(context.words, person.email) if person.email else None]
    shown = [part for part in (*parts, isolate(person.phone or "") if not person.email else None) if part]
    return Markup("{}. {} · {}").format(
        place, Markup(", ").join(shown), known(context.words, person, can_mail=context.can_mail)
    )


def _buttons(context: Context, found: Missing, after: int, before: int) -> Rows:
    say, target = context.words.say, roster_target(found.roster.of)
    first = [tap(say("« First"), "missing", target)] if after else []
    more = [tap(say("More ›"), "missing", target, found.last, before + len(found.people))] if found.last else []
    exporting = [tap("CSV", "missingfile", target, "csv"), tap("XLSX", "missingfile", target, "xlsx")]
    return rows(
        first + more,
        [tap(say("Send by email"), "sendmissing", target)] if found.people else [],
        [tap(say("Text to forward"), "missingtext", target)] if found.people else [],
        [tap(_reminding(context, found), "remind-missing", target)] if found.people else [],
        [tap(say("Choose whom"), reminder_choosing.BEGIN, target), _planned(context, found)] if found.people else [],
        exporting if found.people else [],
        [tap(say("Expected people"), "expect", target), unlisted_arrivals.to_them(context.words, found.roster)],
        [to_holder(context.words, found.roster.of)],
    )


def _reminding(context: Context, found: Missing) -> Markup:
    """Return the label of the button that reminds all who are missing, or the only one, by name."""
    if found.roster.missing != 1 or len(found.people) != 1:
        return context.words.say("Remind all · {number}", number=found.roster.missing)
    [person] = found.people
    name = shortened(person.name or told_apart(person.email or "") or person.phone or "", LONGEST_LABEL)
    return context.words.say("Remind {name}", name=Markup.escape(name))


def _planned(context: Context, found: Missing) -> InlineKeyboardButton | None:
    """Return the button to the reminders that wait for their hour, if one to anybody on the page does."""
    waits = any(each.reminded and each.reminded.next_at for each in found.people)
    return to_planned(context.words) if waits else None


async def text_to_forward(context: Context, of: RosterOf, warned: int = 0) -> Screen:
    """Write what can be forwarded to the missing. Addresses are only copied: nobody reads who else is missing.

    A text that is too long to be copied by a button is a message of its own, to be forwarded as it is. That only the
    expected can sign up is no part of the text: it stands above it, or is a screen before that message (`warned`).
    """
    found = await context.read(rosters.missing, context.actor_id, of, size=EXPORTED_AT_ONCE)
    leading = await context.read(rosters.links, context.actor_id, of, context.now)
    say, target = context.words.say, roster_target(of)
    whom = ", ".join(told_apart(each.email) if each.email else each.phone or "" for each in found.people)
    working = [each for each in leading if each.state in SENDABLE]
    text = lines(*_to_forward(context, leading, working))
    copying = copy_all(say("Copy the text"), text) if working else None
    unusable = None if working or not leading else leading[0]
    warning = lines(*closed(context.words, found.roster.closed_by), *nobody_left(context.words, found.roster.closed_by))
    if warning and working and not (copying or warned):
        return _before_message(context, warning, target)
    return Screen(
        text=_below_warning(warning, text) if working and copying else text,
        below=bool(working) and copying is None,
        rows=rows(
            [copying],
            curing_row(context, unusable.state, unusable.profile_id, "missingtext", target) if unusable else [],
            [copy(say("Copy the addresses"), whom) or tap("CSV", "missingfile", target, "csv")] if whom else [],
            [tap(say("‹ Who's missing"), "missing", target)],
        ),
    )


def _before_message(context: Context, warning: Markup, target: int | str) -> Screen:
    """Warn before a text that is a message of its own, which a tap sends."""
    say = context.words.say
    return Screen(
        text=warning,
        rows=rows(
            [tap(say("Text to forward"), "missingtext", target, 1)], [tap(say("‹ Who's missing"), "missing", target)]
        ),
    )


def _below_warning(warning: Markup, text: Markup) -> Markup:
    return lines(warning, "", Markup("<blockquote>{}</blockquote>").format(text)) if warning else text


def _to_forward(context: Context, leading: Sequence[RosterLink], working: Sequence[RosterLink]) -> list[Markup | str]:
    if not leading:
        return [no_link(context.words)]
    if not working:
        return [not_working(context.words, leading[0].state)]
    words = context.words_of(leading[0].organisation)
    return [line for each in working for line in invitation(words, each, context.link(each.token))]


async def send_file(context: Context, data: str) -> Screen:
    """Send those who haven't come as a file, from `roster:kind`; the export is recorded first."""
    target, _, kind = data.partition(":")
    of = read_roster(target)
    if kind not in spreadsheets.KINDS:
        raise StaleButton
    await context.write(rosters.begin_export, context.actor_id, of, context.now)
    found = await context.read(rosters.missing, context.actor_id, of, size=EXPORTED_AT_ONCE)
    title, named = headline(context.words, found.roster), context.words.say("Missing people").unescape()
    sheet = await asyncio.to_thread(spreadsheets.KINDS[kind], named, missing_cells.header(context.words))
    await asyncio.to_thread(sheet.add, missing_cells.rows(context.words, found, can_mail=context.can_mail))
    while found.last is not None:
        found = await context.read(rosters.missing, context.actor_id, of, after=found.last, size=EXPORTED_AT_ONCE)
        await asyncio.to_thread(sheet.add, missing_cells.rows(context.words, found, can_mail=context.can_mail))
    name = f"gangway-{target}-missing-{context.now:%Y-%m-%d}.{kind}"
    return Screen(text=title, attachment=Attachment(name=name, contents=await asyncio.to_thread(sheet.close, [])))


COMMANDS = (
    Command(
        name="missing",
        handler=missing,
        summary=N_("Show who of the expected hasn't come"),
        keywords=REMIND,
        examples=("/missing 1", "/missing Sales / EMEA", "/missing 1 remind anna@example.com"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        by_profile_number=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "rosters": lists,
    "missing": of_roster(missing_page, at_most=2),
    "missingtext": of_roster(text_to_forward, at_most=1),
    "missingfile": send_file,
}
