"""/removerole, /transferownership, and the line of /addrole."""

import re
from collections.abc import Mapping, Sequence

from bot.context import Context
from bot.handlers import role_cards
from bot.input.arguments import UsageError, fields
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels, refusals
from bot.wording.addresses import known_by
from bot.wording.phrases import N_
from bot.wording.text import command, lines
from core.domain.access import Permission, read_permissions
from core.errors import RoleExists
from core.services import ownership_transfer, people, role_removal, roles

WHOLE_ACCOUNT = frozenset({"administrator", "learner"})  # roles of a line that take no departments


async def add(context: Context, text: str) -> Screen:
    """Create a role from `name | permission, permission`."""
    name, permissions = fields(text, 2, 2)
    try:
        made = await context.write(roles.add, context.actor_id, name, read_typed(context, permissions), context.now)
    except RoleExists as refused:
        changing = context.words.say("This line gives it other permissions:")
        line = command(f"/changerole {refused.name} | {permissions}")
        return Screen(text=lines(refusals.refusal(context.words, refused), "", changing, line))
    return await role_cards.card(context, str(made.role_id))


async def ask_to_remove(context: Context, text: str) -> Screen:
    """Ask before a role without holders is removed, with the number of the invitations to it."""
    if not text:
        raise UsageError
    return await _ask_to_remove(context, text)


async def ask_to_remove_from_card(context: Context, role_id: int) -> Screen:
    """Ask as `ask_to_remove` does, from the role's card."""
    return await _ask_to_remove(context, (await role_cards.own_role(context, role_id)).name)


async def _ask_to_remove(context: Context, name: str) -> Screen:
    gone = await context.read(role_removal.preview, context.actor_id, name, context.now)
    say = context.words.say
    withdrawn = context.words.count(
        "{number} open invitation to it will be withdrawn.",
        "{number} open invitations to it will be withdrawn.",
        gone.invitations,
    )
    removing = tap(say("Remove"), "role-end!", gone.role_id, gone.seen, style="danger")
    return Screen(
        text=lines(say("Remove the role “{name}”? Nobody has it.", name=gone.name), withdrawn),
        rows=rows([removing, tap(say("Cancel"), "roles", 0)]),
    )


async def remove(context: Context, role_id: int, seen: str) -> Screen:
    """Remove a role after the question."""
    name = await context.write(role_removal.remove, context.actor_id, role_id, context.now, seen=seen)
    say = context.words.say
    removed = say("Removed the role “{name}” and the invitations to it.", name=name)
    return Screen(text=removed, rows=rows([tap(say("‹ Roles"), "roles", 0)]))


async def ask_to_transfer_ownership(context: Context, text: str) -> Screen:
    """Ask before the ownership is transferred, naming the new owner."""
    if not text:
        raise UsageError
    user_id = await context.read(people.find, context.actor_id, text, Permission.MANAGE_ROLES)
    new_owner, say = await context.read(ownership_transfer.new_owner, context.actor_id, user_id), context.words.say
    return Screen(
        text=lines(
            say("Make {name} (#{number}) the owner?", name=new_owner.name, number=user_id),
            known_by(context.words, new_owner.email, new_owner.login),
            say("Can: {what}", what=say("everything")),
            say("You will stay an account administrator. Only the new owner can give the ownership back."),
        ),
        rows=rows([tap(say("Make owner"), "owner!", user_id, style="danger")], [tap(say("Cancel"), "person", user_id)]),
    )


async def transfer_ownership(context: Context, user_id: int) -> Screen:
    """Transfer the ownership after the question."""
    await context.write(ownership_transfer.transfer, context.actor_id, user_id, context.now)
    new_owner = await context.read(people.card, context.actor_id, user_id)
    return Screen(
        text=context.words.say("{name} is the owner now. You are an account administrator.", name=new_owner.name)
    )


def read_typed(context: Context, typed: str) -> frozenset[Permission]:
    """Read permissions by their words, or as the answers name them."""
    for each in labels.PERMISSIONS:
        for said in (labels.PERMISSIONS[each], context.words.say(labels.PERMISSIONS[each]).unescape()):
            typed = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", each, typed, flags=re.IGNORECASE)
    return read_permissions(typed)


def is_limited(answers: Sequence[str]) -> bool:
    """Tell whether the role that was chosen last is limited to departments."""
    return answers[-1] not in WHOLE_ACCOUNT


def several(departments: str) -> list[str]:
    """Split departments at their semicolons."""
    return [path.strip() for path in departments.split(";") if path.strip()]


COMMANDS = (
    Command(
        name="removerole",
        handler=ask_to_remove,
        summary=N_("Remove a role that no one has, after confirmation"),
        examples=("/removerole Recruiter",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
        guided=(Part(N_("role"), of=Choice.OWN_ROLE),),
    ),
    Command(
        name="transferownership",
        handler=ask_to_transfer_ownership,
        summary=N_("Make an account administrator the owner in your place"),
        examples=("/transferownership anna@example.com",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
        guided=(Part(N_("person"), of=Choice.ADMINISTRATOR),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "role-end!": confirmed(remove),
    "role-end": by_number(ask_to_remove_from_card),
    "owner!": by_number(transfer_ownership),
}
