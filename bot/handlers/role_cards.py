"""/roles: one button a role, which opens its card; from there people are invited to it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.choices import ROLES
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Command, Subject
from bot.screens.lists import turning
from bot.screens.role_card import BUILT_IN, data_of, entry, is_account_wide, role_screen
from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission, Role
from core.errors import RoleNotFound
from core.services import roles
from core.services.roles import ROOT, Holder, RoleCard

A_PAGE = 6  # with the rows below them they are within a phone

Holders = Mapping[tuple[Role, int | None], tuple[Holder, ...]]


async def listing(context: Context, _text: str) -> Screen:
    """List the first page of the roles."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List a page of the roles, with how many people have each."""
    own = await context.read(roles.listing, context.actor_id)
    holders = await context.read(roles.holders, context.actor_id)
    known: Sequence[Role | RoleCard] = (*BUILT_IN, *own)
    pages = -(-len(known) // A_PAGE)
    number = min(wanted, pages - 1)
    say = context.words.say
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(context.words.count("{number} role", "{number} roles", len(known))),
            "",
            say("Tap one to see what it allows and who has it."),
        ),
        rows=rows(
            *(
                [entry(context, each, holders_of(each, holders))]
                for each in known[number * A_PAGE : (number + 1) * A_PAGE]
            ),
            [tap(say("➕ Add a role"), "open", "addrole"), tap(say("Invitations"), "invitations", 0)],
            [to_home(context.words), *turning(lambda label, place: tap(label, "roles", place), number, pages)],
        ),
    )


async def card(context: Context, data: str, toast: Markup | None = None) -> Screen:
    """Show a role, `key` or `key:page` of those who have it: a built-in one by its word, another one by its number.

    Raises StaleButton, RoleNotFound.
    """
    key, _, wanted = data.partition(":")
    if wanted and not is_number(wanted):
        raise StaleButton
    role = await find(context, key)
    holders = await context.read(roles.holders, context.actor_id)
    return role_screen(context, role, holders_of(role, holders), page=int(wanted or 0), toast=toast)


async def invite(context: Context, key: str) -> Screen:
    """Ask for what is missing to invite a person to a role, or make the invitation."""
    role = await find(context, key)
    text = role.name if isinstance(role, RoleCard) else ROLES.get(role)
    if text is None:
        raise StaleButton
    answers = (text, ROOT) if isinstance(role, RoleCard) and is_account_wide(role) else (text,)
    guide = guides.beginning(guides.find(context, "invite"), *answers, origin=f"role:{data_of(role)}")
    return await guides.ask(context, guide)


async def find(context: Context, key: str) -> Role | RoleCard:
    """Return the role that a button stands for. Raises StaleButton, RoleNotFound."""
    if is_number(key):
        return await own_role(context, int(key))
    if key not in list(BUILT_IN):
        raise StaleButton
    return Role(key)


async def own_role(context: Context, role_id: int) -> RoleCard:
    """Return a role of the account's own. Raises RoleNotFound."""
    for each in await context.read(roles.listing, context.actor_id):
        if each.role_id == role_id:
            return each
    raise RoleNotFound(str(role_id), ())


def holders_of(role: Role | RoleCard, holders: Holders) -> tuple[Holder, ...]:
    """Return those who have a role."""
    key = (Role.CUSTOM, role.role_id) if isinstance(role, RoleCard) else (role, None)
    return holders.get(key, ())


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
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "roles": by_number(page),
    "role": card,
    "role-invite": invite,
}
