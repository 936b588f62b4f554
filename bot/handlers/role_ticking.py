"""/addrole, /changerole: a role's permissions are typed in a line, or ticked one by one."""

from collections.abc import Mapping

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
from core.services import role_drafts
from core.services.role_drafts import RoleDraft


async def begin_new(context: Context, text: str) -> Screen:
    """Tick the permissions of a new role, or add the one of a whole line."""
    if "|" in text:
        return await role_lines.add(context, text)
    return _ticking(context, await context.write(role_drafts.begin, context.actor_id, text, context.now))


async def begin_change(context: Context, text: str) -> Screen:
    """Tick the permissions of the role with a name, or change it by a whole line. Raises RoleNotFound."""
    if "|" in text:
        return await role_grants.change(context, text)
    return _ticking(context, await context.write(role_drafts.begin_change, context.actor_id, text, context.now))


async def edit(context: Context, number: int) -> Screen:
    """Tick the permissions of a role. Raises RoleNotFound."""
    return await begin_change(context, (await role_cards.own_role(context, number)).name)


async def tick(context: Context, data: str) -> Screen:
    """Tick a permission, or take its tick away: `<question>:<permission>`. Raises StaleButton, QuestionClosed."""
    match data.split(":"):
        case [number, permission] if is_number(number) and permission in list(FOR_CUSTOM_ROLES):
            return _ticking(
                context,
                await context.write(
                    role_drafts.tick, context.actor_id, int(number), Permission(permission), context.now
                ),
            )
    raise StaleButton


async def save(context: Context, question_id: int) -> Screen:
    """Add or change the role, once; more rights for people who have it are asked about first."""
    done = await context.write(role_drafts.save, context.actor_id, question_id, context.now)
    return await role_grants.changed(context, done)


def _ticking(context: Context, draft: RoleDraft) -> Screen:
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(draft.name)), context.words.say("Tap what people with this role can do.")
        ),
        rows=rows(
            *([_tick(context, draft, each)] for each in Permission if _is_offered(context, draft, each)),
            [_saving(context, draft), _leaving(context, draft)],
        ),
    )


def _is_offered(context: Context, draft: RoleDraft, permission: Permission) -> bool:
    """Tell whether a permission can be ticked: people can take away a permission that they lack, but not give it."""
    may_give = permission in FOR_CUSTOM_ROLES and permission in context.person.permissions
    return may_give or permission in draft.permissions


def _tick(context: Context, draft: RoleDraft, permission: Permission) -> InlineKeyboardButton:
    label = context.words.say(labels.PERMISSIONS[permission]).unescape()
    return tap(marked(label, on=permission in draft.permissions), "role-tick", draft.question_id, permission)


def _saving(context: Context, draft: RoleDraft) -> InlineKeyboardButton | None:
    if not draft.permissions:
        return None
    label = context.words.say("Save") if draft.role_id else context.words.say("Create the role")
    return tap(label, "role-save", draft.question_id, style="success")


def _leaving(context: Context, draft: RoleDraft) -> InlineKeyboardButton:
    back = ("roles", 0) if draft.role_id is None else ("role", draft.role_id)
    return tap(context.words.say("Cancel"), *back)


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
