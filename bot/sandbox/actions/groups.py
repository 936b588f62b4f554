"""Create groups, add and remove members and the bot, upgrade groups to supergroups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.actions.destination import Destination
from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.actions.messages import send_text
from bot.sandbox.actions.service_messages import post_service_message
from bot.sandbox.rules.commands import START_PARAMETER
from bot.sandbox.world.chat_members import queue_member_update
from bot.sandbox.world.groups import ADMINISTRATOR, LEFT, MEMBER, Group, next_id

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_WRONG_CODE = "A code behind startgroup is 1-64 of A-Z, a-z, 0-9, _ and -."
_ALREADY = "This group is already a supergroup."


def create_group(world: World, person: Person, title: str, *, supergroup: bool, forum: bool) -> Group:
    """Create a group with its creator as the only member; only supergroups have topics."""
    supergroup = supergroup or forum
    number = next_id(world.groups, supergroup=supergroup)
    group = Group(
        id=number, title=title, supergroup=supergroup, forum=forum, creator_id=person.id, members=(person.id,)
    )
    with world.store.transaction():
        world.save_group(group)
    return group


def add_member(world: World, group: Group, actor: Person, person: Person) -> Group:
    """Add a person to a group."""
    if person.id in group.members:
        return group
    changed = replace(group, members=(*group.members, person.id))
    with world.store.transaction():
        world.save_group(changed)
        post_service_message(world, changed, actor.as_user(), {"new_chat_members": [person.as_user()]})
        queue_member_update(world, changed, actor.as_user(), person.as_user(), change=(LEFT, MEMBER))
    return changed


def remove_member(world: World, group: Group, actor: Person, person: Person) -> Group:
    """Remove a person from a group; one who removes themselves leaves."""
    if person.id not in group.members:
        return group
    changed = replace(group, members=tuple(number for number in group.members if number != person.id))
    with world.store.transaction():
        world.save_group(changed)
        post_service_message(world, changed, actor.as_user(), {"left_chat_member": person.as_user()})
        queue_member_update(world, changed, actor.as_user(), person.as_user(), change=(group.status(person.id), LEFT))
    return changed


def set_bot_status(world: World, group: Group, actor: Person, status: str) -> Group:
    """Make the bot a member or an administrator, remove or ban it, and queue the update about it."""
    if status == group.bot_status:
        return group
    changed = replace(group, bot_status=status, bot_was_here=group.bot_was_here or status in {MEMBER, ADMINISTRATOR})
    with world.store.transaction():
        world.save_group(changed)
        queue_member_update(world, changed, actor.as_user(), world.bot, change=(group.bot_status, status))
        if changed.has_bot and not group.has_bot:
            post_service_message(world, changed, actor.as_user(), {"new_chat_members": [world.bot]})
        elif group.has_bot and not changed.has_bot:
            post_service_message(world, changed, actor.as_user(), {"left_chat_member": world.bot})
    return changed


def start_in_group(world: World, group: Group, actor: Person, code: str) -> Group:
    """Add the bot to a group by a link `?startgroup=CODE`, as Telegram does: it is added, and the person starts it."""
    if not START_PARAMETER.fullmatch(code):
        raise NotAllowedError(_WRONG_CODE)
    changed = group if group.has_bot else set_bot_status(world, group, actor, MEMBER)
    send_text(world, actor, f"/start@{world.bot['username']} {code}", Destination(chat=changed))
    return changed


def migrate_to_supergroup(world: World, group: Group) -> Group:
    """Upgrade a group to a supergroup, which is a new chat with a new identifier."""
    if group.supergroup or group.migrated_to is not None:
        raise NotAllowedError(_ALREADY)
    after = replace(group, id=next_id(world.groups, supergroup=True), supergroup=True)
    creator = world.people[group.creator_id].as_user()
    with world.store.transaction():
        world.save_group(after)
        post_service_message(world, group, creator, {"migrate_to_chat_id": after.id})
        world.save_group(replace(group, migrated_to=after.id))
        post_service_message(world, after, creator, {"migrate_from_chat_id": group.id})
    return after
