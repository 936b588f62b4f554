"""/assign, and the line of /changerole: roles and permissions are given after a question."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.person import read_details
from bot.handlers.role_cards import card
from bot.handlers.roles import is_limited, read_typed, several
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.person_card import person_screen
from bot.screens.role_card import named, permitted
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.addresses import known_by
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.services import people, role_grants
from core.services.role_grants import Proposal, Widening
from core.services.roles import RoleCard


async def assign(context: Context, text: str) -> Screen:
    """Ask before a person gets a role, from `e-mail | role | department; department`; take rights away at once."""
    who, role, departments = fields(text, 2, 3)
    user_id = await context.read(people.find, context.actor_id, who, Permission.MANAGE_ROLES)
    proposal = await context.write(
        role_grants.propose, context.actor_id, user_id, role, several(departments), context.now
    )
    if proposal is None:
        return person_screen(context, await read_details(context, user_id))
    return question(context, proposal)


async def choose(context: Context, user_id: int) -> Screen:
    """Let a role be chosen for a person, who is here already, from their card."""
    details = await read_details(context, user_id)
    guide = guides.beginning(
        guides.find(context, "assign"), f"#{user_id}", names=[details.card.name], origin=f"person:{user_id}"
    )
    return await guides.ask(context, guide)


async def confirm(context: Context, question_id: int) -> Screen:
    """Give the role after the question."""
    user_id = await context.write(role_grants.confirm, context.actor_id, question_id, context.now)
    toast = context.words.say("The role is given")
    return person_screen(context, await read_details(context, user_id), toast=toast)


async def change(context: Context, text: str) -> Screen:
    """Change a role's permissions from `name | permission, permission`, after a question if people get more."""
    name, permissions = fields(text, 2, 2)
    done = await context.write(
        role_grants.propose_change, context.actor_id, name, read_typed(context, permissions), context.now
    )
    return await changed(context, done)


async def changed(context: Context, done: RoleCard | Widening) -> Screen:
    """Show a role that was added or changed, or ask whether it may be."""
    return _widening(context, done) if isinstance(done, Widening) else await card(context, str(done.role_id))


async def confirm_change(context: Context, question_id: int) -> Screen:
    """Change the permissions after the question."""
    return await changed(
        context, await context.write(role_grants.confirm_change, context.actor_id, question_id, context.now)
    )


def question(context: Context, proposal: Proposal) -> Screen:
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
    say = context.words.say
    return Screen(
        text=lines(
            say("Give these people more rights by the role “{name}”?", name=widening.role_name),
            named(context, widening.holders),
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
    "person-role": by_number(choose),
    "role-give!": by_number(confirm),
    "role-change!": by_number(confirm_change),
}
