"""/roles, /addrole, /removerole, /transferownership."""

import re
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import UsageError, fields
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import labels, refusals
from bot.wording.addresses import known_by
from bot.wording.lists import more, page_of
from bot.wording.phrases import N_
from bot.wording.text import command, isolate, lines
from core.domain.access import ACCOUNT_WIDE, ROLE_PERMISSIONS, Permission, Role, read_permissions
from core.errors import RoleExists
from core.services import ownership_transfer, people, role_removal, roles
from core.services.roles import ROOT, RoleCard

A_PAGE = 12
MOST_NAMES = 10
WHOLE_ACCOUNT = frozenset({"administrator", "learner"})  # roles of a line that take no departments
LINES = {  # that give a person the role
    Role.OWNER: "/transferownership anna@example.com",
    Role.ADMINISTRATOR: "/invite administrator",
    Role.DEPARTMENT_ADMINISTRATOR: "/invite department administrator | Sales / EMEA",
}


async def listing(context: Context, _text: str) -> Screen:
    """List the first page of the roles."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List a page of the roles with their permissions and holders."""
    own = await context.read(roles.listing, context.actor_id)
    holders = await context.read(roles.holders, context.actor_id)
    say = context.words.say
    described = [_built_in(context, role, holders.get((role, None), ())) for role in LINES]
    described += [_own(context, role, holders.get((Role.CUSTOM, role.role_id), ())) for role in own]
    shown = page_of(described, wanted, most=A_PAGE)
    return Screen(
        text=lines(
            *(part for place in shown.places for part in (described[place], "")),
            say(
                "{line} creates a custom role, {other} gives a person a role.",
                line=context.words.line("/addrole Recruiter | manage people"),
                other=context.words.line("/assign anna@example.com | administrator"),
            ),
        ),
        rows=rows(page_buttons(context.words, shown, "roles"), [to_home(context.words)]),
    )


async def add(context: Context, text: str) -> Screen:
    """Create a role from `name | permission, permission`."""
    name, permissions = fields(text, 2, 2)
    try:
        made = await context.write(roles.add, context.actor_id, name, read_typed(context, permissions), context.now)
    except RoleExists as refused:
        changing = context.words.say("This line gives it other permissions:")
        line = command(f"/changerole {refused.name} | {permissions}")
        return Screen(text=lines(refusals.refusal(context.words, refused), "", changing, line))
    return role_screen(context, made)


async def ask_to_remove(context: Context, text: str) -> Screen:
    """Ask before a role without holders is removed, with the number of the invitations to it."""
    if not text:
        raise UsageError
    gone = await context.read(role_removal.preview, context.actor_id, text, context.now)
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
    return Screen(text=context.words.say("Removed the role “{name}” and the invitations to it.", name=name))


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


def permitted(context: Context, permissions: Iterable[Permission]) -> Markup:
    """Write permissions in words."""
    chosen = frozenset(permissions)
    said = (context.words.say(labels.PERMISSIONS[each]) for each in Permission if each in chosen)
    return Markup(", ").join(said)


def _built_in(context: Context, role: Role, holders: tuple[str, ...]) -> Markup:
    say, permissions = context.words.say, ROLE_PERMISSIONS[role]
    may = say("everything") if permissions == frozenset(Permission) else permitted(context, permissions)
    return _role(context, labels.role(context.words, role, None), may, holders, LINES[role])


def _own(context: Context, role: RoleCard, holders: tuple[str, ...]) -> Markup:
    typed = ", ".join(each for each in Permission if each in role.permissions)
    line = f"/changerole {role.name} | {typed}"
    return _role(context, role.name, permitted(context, role.permissions), holders, line)


def _role(context: Context, name: Markup | str, may: Markup, holders: tuple[str, ...], line: str) -> Markup:
    say = context.words.say
    shown = [Markup(", ").join(map(isolate, holders[:MOST_NAMES]))] if holders else [say("Nobody has it.")]
    shown += more(context.words, len(holders) - MOST_NAMES)
    title = Markup("<b>{}</b>").format(isolate(name))
    return lines(title, say("Can: {what}", what=may), Markup(" ").join(shown), command(line))


def role_screen(context: Context, role: RoleCard) -> Screen:
    """Show a role that was added or changed."""
    say, account_wide = context.words.say, not role.permissions.isdisjoint(ACCOUNT_WIDE)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(role.name)),
            say("Can: {what}", what=permitted(context, role.permissions)),
            context.words.count("{number} person has it.", "{number} people have it.", role.holders)
            if role.holders
            else say("Nobody has it."),
            "",
            say("Only people who manage the top of the tree (written as a slash) can change the settings and the form.")
            if account_wide
            else None,
            say("This line creates an invitation to it:"),
            command(f"/invite {role.name} | {ROOT if account_wide else 'Sales / EMEA'}"),
        )
    )


COMMANDS = (
    Command(
        name="roles",
        handler=listing,
        summary=N_("Show the roles, what they permit and who has them"),
        examples=("/roles",),
        alone=True,
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
    Command(
        name="addrole",
        handler=add,
        summary=N_("Create a role from permissions"),
        parts=(Part(N_("name")), Part(N_("permissions"), of=Choice.PERMISSION)),
        examples=("/addrole Recruiter | manage sign-up profiles, receive digests",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
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
    "roles": by_number(page),
    "owner!": by_number(transfer_ownership),
}
