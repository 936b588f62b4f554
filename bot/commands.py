"""Which line and which button leads to which handler."""

from collections.abc import Mapping

from bot.context import Answer, Context, StaleButton
from bot.handlers import (
    account,
    approvals,
    courses,
    departments,
    digest,
    form,
    help,  # noqa: A004 - the command's name
    history,
    invitations,
    log,
    people,
    person,
    profiles,
    roles,
    settings,
    start,
)
from bot.keyboards import Screen
from bot.mending import mending
from bot.taps import Tap, as_line, by_number, by_numbers, paged

_ANSWERS: Mapping[str, Answer] = {
    "start": start.start,
    "help": help.menu,
    "menu": help.menu,
    "cancel": start.cancel,
    "signup": account.signup,
    "timezone": account.timezone,
    "settings": settings.settings,
    "newprofile": profiles.create,
    "profiles": profiles.search,
    "profile": profiles.show,
    "pause": profiles.pause,
    "resume": profiles.resume,
    "history": history.show,
    "digest": digest.digest,
    "people": people.search,
    "person": person.show,
    "addperson": people.add,
    "transfer": people.transfer,
    "roles": roles.listing,
    "addrole": roles.add,
    "changerole": roles.change,
    "removerole": roles.remove,
    "assign": roles.assign,
    "transferownership": roles.ask_to_transfer_ownership,
    "invite": invitations.invite,
    "invitations": invitations.waiting,
    "departments": departments.tree,
    "adddepartment": departments.add,
    "renamedepartment": departments.rename,
    "movedepartment": departments.move,
    "deletedepartment": departments.ask_to_delete,
    "courses": courses.catalogue,
    "addcourse": courses.add,
    "addrule": courses.add_rule,
    "removerule": courses.remove_rule,
    "fields": form.listing,
    "addfield": form.add,
    "changefield": form.change,
    "movefield": form.move,
    "removefield": form.remove,
    "log": log.show,
}

COMMANDS: Mapping[str, Answer] = {name: mending(name, answer) for name, answer in _ANSWERS.items()}

TAPS: Mapping[str, Tap] = {
    "help": help.turn,
    "zone": account.rezone_tapped,
    "signup": by_number(account.enable_from_card),
    "profiles": paged(profiles.page),
    "profile": as_line(profiles.show),
    "pause": as_line(profiles.pause),
    "resume": as_line(profiles.resume),
    "history": by_numbers(history.page, at_most=2),
    "delete": by_number(profiles.ask_to_delete),
    "delete!": by_number(profiles.delete),
    "undo": by_number(profiles.undo),
    "approve": by_number(approvals.approve),
    "decline": by_number(approvals.ask_to_decline),
    "decline!": by_number(approvals.decline),
    "people": paged(people.page),
    "person": by_number(person.card),
    "person-on": by_number(person.activate),
    "person-off": by_number(person.deactivate),
    "person-move": by_number(person.how_to_transfer),
    "person-give": by_number(person.ask_to_return),
    "person-give!": by_numbers(person.give_back, at_least=2, at_most=2),
    "person-end": by_number(person.ask_to_delete),
    "person-end!": by_number(person.delete),
    "roles": by_number(roles.page),
    "owner!": by_number(roles.transfer_ownership),
    "invitations": by_number(invitations.page),
    "withdraw": by_number(invitations.withdraw),
    "departments": paged(departments.page),
    "department-end!": by_number(departments.delete),
    "courses": by_number(courses.page),
    "fields": by_number(form.page),
    "log": by_number(log.page),
}


async def tapped(context: Context, data: str) -> Screen:
    """Handle a button by the data it carries, which may be old or forged; or StaleButton."""
    verb, _, arguments = data.partition(":")
    if verb not in TAPS:
        raise StaleButton
    return await TAPS[verb](context, arguments)
