"""The expected people who are missing, as the cells of spreadsheets have them."""

from collections.abc import Iterator
from decimal import Decimal

from bot.screens.export_cells import wall_clock
from bot.screens.spreadsheets import Cell
from bot.wording.link_mails import reason
from bot.wording.phrases import Words
from bot.wording.rosters import link_standing, standing
from core.domain.addresses import told_apart
from core.domain.link_mails import Reached
from core.services.rosters import Missing, MissingPerson


def header(words: Words) -> list[str]:
    """Name the columns."""
    say, city = words.say, words.language.city(words.zone)
    named = (
        say("Name"),
        say("Email address"),
        say("Phone"),
        say("State"),
        say("Tried at ({city})", city=city),
        say("Link"),
        say("Link sent at ({city})", city=city),
        say("Reminders"),
        say("Last reminder"),
        say("Next reminder"),
        say("Wants no reminders"),
        say("Refused because"),
    )
    return [name.unescape() for name in named]


def rows(words: Words, found: Missing, *, can_mail: bool) -> Iterator[list[Cell]]:
    """Write a row for each person; `can_mail`: there is a mail server."""
    for each in found.people:
        email = told_apart(each.email) if each.email else ""
        tried = "" if each.tried_at is None else wall_clock(each.tried_at, found.zone)
        stopped = words.say("yes").unescape() if each.stopped else ""
        who = each.name, email, each.phone or "", standing(words, each).unescape(), tried
        link = _link(words, found, each, can_mail=can_mail)
        yield [*who, *link, *_reminders(found, each), stopped, _refused(words, each)]


def _link(words: Words, found: Missing, person: MissingPerson, *, can_mail: bool) -> tuple[Cell, Cell]:
    if (link := person.link) is None:
        return "", ""
    sent = "" if link.at is None or link.reached is Reached.UNSENT else wall_clock(link.at, found.zone)
    return link_standing(words, link, can_mail=can_mail).unescape(), sent


def _reminders(found: Missing, person: MissingPerson) -> tuple[Cell, Cell, Cell]:
    if (reminded := person.reminded) is None:
        return "", "", ""
    due = "" if reminded.next_at is None else wall_clock(reminded.next_at, found.zone).date()
    return Decimal(reminded.times), reminded.last_on or "", due


def _refused(words: Words, person: MissingPerson) -> str:
    """Say why the last message was refused: the link's, or else the reminder's."""
    reasons = (person.link and person.link.reason, person.reminded and person.reminded.refused)
    return next((reason(words, each) for each in reasons if each), "")
