"""/assign, /changerole: roles and permissions are given after a question."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.person import read_details
from bot.handlers.roles import MOST_NAMES, is_limited, permitted, read_typed, role_screen, several
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.addresses import known_by
from bot.wording.lists import more
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.services import people, role_grants
from core.services.role_grants import Proposal, Widening


async def assign(context: Context, text: str) -> Screen:
    """Ask before a person gets a role, from `e-mail | role | department; department`; take rights away at once."""
    who, role, departments = fields(text, 2, 3)
    user_id = await context.read(people.find, context.actor_id, who, Permission.MANAGE_ROLES)
    proposal = await context.write(
        role_grants.propose, context.actor_id, user_id, role, several(departments), context.now
    )
    if proposal is None:
        return person_screen(context, await read_details(context, user_id))
    return _question(context, proposal)


async def confirm(context: Context, question_id: int) -> Screen:
    """Give the role after the question."""
    user_id = await context.write(role_grants.confirm, context.actor_id, question_id, context.now)
    toast = context.words.say("The role is given")
    return person_screen(context, await read_details(context, user_id), toast=toast)


async def change(context: Context, text: str) -> Screen:
    """Change a role's permissions from `name | permission, permission`, after a question if people get more."""
    name, permissions = fields(text, 2, 2)
    changed = await context.write(
        role_grants.propose_change, context.actor_id, name, read_typed(context, permissions), context.now
    )
    return _widening(context, changed) if isinstance(changed, Widening) else role_screen(context, changed)


async def confirm_change(context: Context, question_id: int) -> Screen:
    """Change the permissions after the question."""
    changed = await context.write(role_grants.confirm_change, context.actor_id, question_id, context.now)
    return role_screen(context, changed)


def _question(context: Context, proposal: Proposal) -> Screen:
    """Ask about a role, naming the person so that another one of the same name is noticed."""
    say, person = context.words.say, proposal.person
    role = labels.role(context.words, proposal.role, proposal.role_name)
    now = labels.role_for(context.words, labels.role(context.words, person.role, person.role_name), person.manages)
    may = (
        say("everything") if proposal.permissions == frozenset(Permission) else permitted(context, proposal.permissions)
    )
    return Screen(
        text=lines(
            say("Make {name} (#{number}) {role}?", name=person.name, number=person.user_id, role=role),
            known_by(context.words, person.email, person.login),
            say(
                "In {department}, now {role}.", department=labels.department(context.words, person.department), role=now
            ),
            say("In this chat already.") if proposal.in_chat else say("Not in this chat yet."),
            "",
            _scope(context, proposal),
            say("Can: {what}", what=may),
        ),
        rows=rows(
            [
                tap(say("Give the role"), "role-give!", proposal.question_id, style="danger"),
                tap(say("Cancel"), "person", person.user_id),
            ]
        ),
    )


def _scope(context: Context, proposal: Proposal) -> Markup:
    if not proposal.departments:
        return context.words.say("In the whole account.")
    named = labels.departments(context.words, proposal.departments)
    return context.words.say("In {departments} and everything below.", departments=named)


def _widening(context: Context, widening: Widening) -> Screen:
    """Ask before all who have a role get more permissions."""
    say, names = context.words.say, widening.holders
    shown = [Markup(", ").join(names[:MOST_NAMES]), *more(context.words, len(names) - MOST_NAMES)]
    return Screen(
        text=lines(
            say("Give these people more rights by the role “{name}”?", name=widening.role_name),
            Markup(" ").join(shown),
            say("They could also: {what}", what=permitted(context, widening.added)),
        ),
        rows=rows(
            [
                tap(say("Give the rights"), "role-change!", widening.question_id, style="danger"),
                tap(say("Cancel"), "roles", 0),
            ]
        ),
    )


COMMANDS = (
    Command(
        name="changerole",
        handler=change,
        summary=N_("Change the permissions of a role"),
        parts=(Part(N_("name"), of=Choice.OWN_ROLE), Part(N_("permissions"), of=Choice.PERMISSION)),
        examples=("/changerole Recruiter | manage sign-up profiles, manage people",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
    Command(
        name="assign",
        handler=assign,
        summary=N_("Give a person a role"),
        parts=(
            Part(N_("person"), of=Choice.PERSON),
            Part(N_("role"), of=Choice.ROLE_OR_NONE),
            Part(N_("departments"), optional=True, of=Choice.DEPARTMENT, needed=is_limited),
        ),
        examples=(
            "/assign anna@example.com | department administrator | Sales / EMEA; Support",
            "/assign anna@example.com | administrator",
            "/assign anna@example.com | learner",
        ),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "role-give!": by_number(confirm),
    "role-change!": by_number(confirm_change),
}
