"""/addrole, /changerole: a role's permissions are typed in a line, or ticked one by one.

What is ticked is kept as a question, because a button holds 64 bytes; the question is answered once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import role_cards, role_grants
from bot.handlers import roles as role_lines
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.lists import marked
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import FOR_CUSTOM_ROLES, Permission
from core.domain.text import key
from core.errors import RoleNotFound
from core.services import questions, roles
from core.services import role_grants as granting
from core.services.questions import About
from core.services.roles import RoleCard


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The permissions that are ticked for a role; `role_id` None: it is a new one."""

    name: str
    role_id: int | None
    permissions: frozenset[Permission]


async def begin_new(context: Context, text: str) -> Screen:
    """Tick the permissions of a new role, or add the one of a whole line."""
    if "|" in text:
        return await role_lines.add(context, text)
    return await _show(context, Draft(name=text.strip(), role_id=None, permissions=frozenset()))


async def begin_change(context: Context, text: str) -> Screen:
    """Tick the permissions of the role with a name, or change it by a whole line. Raises RoleNotFound."""
    if "|" in text:
        return await role_grants.change(context, text)
    own = await context.read(roles.listing, context.actor_id)
    if (found := next((each for each in own if key(each.name) == key(text)), None)) is None:
        raise RoleNotFound(text, ())
    return await _edit(context, found)


async def edit(context: Context, number: int) -> Screen:
    """Tick the permissions of a role. Raises RoleNotFound."""
    return await _edit(context, await role_cards.own_role(context, number))


async def tick(context: Context, data: str) -> Screen:
    """Tick a permission, or take its tick away: `<question>:<permission>`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [number, permission] if is_number(number) and permission in list(FOR_CUSTOM_ROLES):
            draft = await _read(context, int(number))
            ticked = draft.permissions ^ {Permission(permission)}
            return await _show(context, replace(draft, permissions=ticked))
    raise StaleButton


async def save(context: Context, question_id: int) -> Screen:
    """Add or change the role, once; more rights for people who have it are asked about first."""
    draft = await _read(context, question_id)
    actor, now = context.actor_id, context.now
    done = await context.write(
        questions.then,
        actor,
        question_id,
        About.ROLE_DRAFT,
        lambda session: (
            roles.add(session, actor, draft.name, draft.permissions, now)
            if draft.role_id is None
            else granting.propose_change(session, actor, draft.name, draft.permissions, now)
        ),
        now,
    )
    return await role_grants.changed(context, done)


async def _edit(context: Context, role: RoleCard) -> Screen:
    return await _show(context, Draft(name=role.name, role_id=role.role_id, permissions=role.permissions))


async def _show(context: Context, draft: Draft) -> Screen:
    body = {"name": draft.name, "role_id": draft.role_id, "permissions": sorted(draft.permissions)}
    number = await context.engine.write(questions.ask, context.actor_id, About.ROLE_DRAFT, body, context.now)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(draft.name)), context.words.say("Tap what people with this role can do.")
        ),
        rows=rows(
            *([_ticking(context, draft, each, number)] for each in Permission if _is_offered(context, draft, each)),
            [_saving(context, draft, number), _leaving(context, draft)],
        ),
    )


def _is_offered(context: Context, draft: Draft, permission: Permission) -> bool:
    """Tell whether a permission can be ticked: people can take away a permission that they lack, but not give it."""
    may_give = permission in FOR_CUSTOM_ROLES and permission in context.person.permissions
    return may_give or permission in draft.permissions


def _ticking(context: Context, draft: Draft, permission: Permission, number: int) -> InlineKeyboardButton:
    label = context.words.say(labels.PERMISSIONS[permission]).unescape()
    return tap(marked(label, on=permission in draft.permissions), "role-tick", number, permission)


def _saving(context: Context, draft: Draft, number: int) -> InlineKeyboardButton | None:
    if not draft.permissions:
        return None
    label = context.words.say("Save") if draft.role_id else context.words.say("Create the role")
    return tap(label, "role-save", number, style="success")


def _leaving(context: Context, draft: Draft) -> InlineKeyboardButton:
    back = ("roles", 0) if draft.role_id is None else ("role", draft.role_id)
    return tap(context.words.say("Cancel"), *back)


async def _read(context: Context, question_id: int) -> Draft:
    body: Mapping[str, Any] = await context.read(
        questions.read, context.actor_id, question_id, About.ROLE_DRAFT, context.now
    )
    permissions = frozenset(map(Permission, body["permissions"]))
    return Draft(name=body["name"], role_id=body["role_id"], permissions=permissions)


COMMANDS = (
    Command(
        name="addrole",
        handler=role_lines.add,
        summary=N_("Create a role from permissions"),
        parts=(Part(N_("name")), Part(N_("permissions"), of=Choice.PERMISSION)),
        guided=(Part(N_("name")),),
        chosen=begin_new,
        examples=("/addrole Recruiter | manage sign-up profiles, receive digests",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
    Command(
        name="changerole",
        handler=role_grants.change,
        summary=N_("Change the permissions of a role"),
        parts=(Part(N_("name"), of=Choice.OWN_ROLE), Part(N_("permissions"), of=Choice.PERMISSION)),
        guided=(Part(N_("name"), of=Choice.OWN_ROLE),),
        chosen=begin_change,
        examples=("/changerole Recruiter | manage sign-up profiles, manage people",),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "role-edit": by_number(edit),
    "role-tick": tick,
    "role-save": by_number(save),
}
