"""A role's card and its entry in the list: what it allows, and who has it."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.lists import LONGEST_ENTRY, turning
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.lists import more
from bot.wording.text import command, isolate, lines, shortened
from core.domain.access import ACCOUNT_WIDE, ROLE_PERMISSIONS, Permission, Role
from core.services.roles import ROOT, Holder, RoleCard

MOST_NAMES = 10
A_PAGE = 5  # with the rows below them they are within a phone
BUILT_IN = (Role.OWNER, Role.ADMINISTRATOR, Role.DEPARTMENT_ADMINISTRATOR)


def entry(context: Context, key: Role | RoleCard, holders: Sequence[Holder]) -> InlineKeyboardButton:
    """Return the button that opens a role: its name, and how many people have it."""
    count = context.words.count("{number} person", "{number} people", len(holders)).unescape()
    name, ending = _name(context, key).unescape(), f" · {count}"
    return tap(f"{shortened(name, LONGEST_ENTRY - len(ending))}{ending}", "role", data_of(key))


def data_of(key: Role | RoleCard) -> str:
    """Return what a button carries for a role: the word of a built-in one, the number of another."""
    return str(key.role_id) if isinstance(key, RoleCard) else key


def role_screen(
    context: Context,
    key: Role | RoleCard,
    holders: Sequence[Holder],
    *,
    page: int = 0,
    toast: Markup | None = None,
) -> Screen:
    """Show a role, with buttons that open those who have it, a page at a time, give it to people and change it."""
    say, own = context.words.say, isinstance(key, RoleCard)
    pages = max(1, -(-len(holders) // A_PAGE))
    page = min(page, pages - 1)
    shown = holders[page * A_PAGE : (page + 1) * A_PAGE]
    return Screen(
        text=_said(context, key, holders),
        rows=rows(
            *([_opening(holder)] for holder in shown),
            [_giving(context, key), tap(say("Permissions"), "role-edit", data_of(key)) if own else None],
            [tap(say("Remove"), "role-end", data_of(key), style="danger")] if own and not holders else [],
            [
                tap(say("‹ Roles"), "roles", 0),
                *turning(lambda label, place: tap(label, "role", data_of(key), place), page, pages),
            ],
        ),
        toast=toast,
    )


def _said(context: Context, key: Role | RoleCard, holders: Sequence[Holder]) -> Markup:
    say = context.words.say
    permissions = key.permissions if isinstance(key, RoleCard) else ROLE_PERMISSIONS[key]
    may = say("everything") if permissions == frozenset(Permission) else permitted(context, permissions)
    return lines(
        Markup("<b>{}</b>").format(_name(context, key)),
        say("Can: {what}", what=may),
        _holders(context, holders),
        *(_only_at_the_top(context, key) if isinstance(key, RoleCard) and is_account_wide(key) else ()),
    )


def is_account_wide(role: RoleCard) -> bool:
    """Tell whether a role has a permission that holds for the whole account only."""
    return not role.permissions.isdisjoint(ACCOUNT_WIDE)


def permitted(context: Context, permissions: Iterable[Permission]) -> Markup:
    """Write permissions in words."""
    chosen = frozenset(permissions)
    said = (context.words.say(labels.PERMISSIONS[each]) for each in Permission if each in chosen)
    return Markup(", ").join(said)


def named(context: Context, holders: Sequence[str]) -> Markup:
    """Name the people who have a role, or the first of them if there are many."""
    shown = [Markup(", ").join(map(isolate, holders[:MOST_NAMES]))]
    return Markup(" ").join([*shown, *more(context.words, len(holders) - MOST_NAMES)])


def _only_at_the_top(context: Context, role: RoleCard) -> tuple[Markup, ...]:
    say = context.words.say
    return (
        say("Only people who manage the top of the tree (written as a slash) can change the settings and the form."),
        say("This line creates an invitation to it:"),
        command(f"/invite {role.name} | {ROOT}"),
    )


def _holders(context: Context, holders: Sequence[Holder]) -> Markup:
    return named(context, [each.name for each in holders]) if holders else context.words.say("Nobody has it.")


def _opening(holder: Holder) -> InlineKeyboardButton:
    ending = f" (#{holder.user_id})"
    return tap(f"{shortened(holder.name, LONGEST_ENTRY - len(ending))}{ending}", "person", holder.user_id)


def _name(context: Context, key: Role | RoleCard) -> Markup:
    return isolate(key.name) if isinstance(key, RoleCard) else labels.role(context.words, key, None)


def _giving(context: Context, key: Role | RoleCard) -> InlineKeyboardButton | None:
    """Return the button that gives a role to a person; the ownership is only its owner's to give."""
    say = context.words.say
    if key is not Role.OWNER:
        return tap(say("Invite"), "role-invite", data_of(key))
    return tap(say("Hand it on"), "open", "transferownership") if context.person.role is Role.OWNER else None
