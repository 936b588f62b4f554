"""What people do with groups: make them, let people and the bot in and out, open topics, turn them into supergroups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.messages import NotPossibleError
from bot.sandbox.world.chat_members import tell_about
from bot.sandbox.world.groups import ADMINISTRATOR, LEFT, MEMBER, Group, Topic, next_id
from bot.sandbox.world.privacy_mode import bot_hears

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import Kept, World

_ALREADY = "This group is a supergroup already."
_NO_TOPICS = "This group has no topics."


def creates(world: World, person: Person, title: str, *, supergroup: bool, forum: bool) -> Group:
    """Make a group with its creator as the only member; only supergroups have topics."""
    supergroup = supergroup or forum
    number = next_id(world.groups, supergroup=supergroup)
    group = Group(
        id=number, title=title, supergroup=supergroup, forum=forum, creator_id=person.id, members=(person.id,)
    )
    with world.store.together():
        world.keep_group(group)
    return group


def admits(world: World, group: Group, actor: Person, person: Person) -> Group:
    """Let somebody in."""
    if person.id in group.members:
        return group
    changed = replace(group, members=(*group.members, person.id))
    with world.store.together():
        world.keep_group(changed)
        _announce(world, changed, actor.as_user(), {"new_chat_members": [person.as_user()]})
        tell_about(world, changed, actor.as_user(), person.as_user(), change=(LEFT, MEMBER))
    return changed


def removes(world: World, group: Group, actor: Person, person: Person) -> Group:
    """Put somebody out, or let them leave by themselves."""
    if person.id not in group.members:
        return group
    changed = replace(group, members=tuple(number for number in group.members if number != person.id))
    with world.store.together():
        world.keep_group(changed)
        _announce(world, changed, actor.as_user(), {"left_chat_member": person.as_user()})
        tell_about(world, changed, actor.as_user(), person.as_user(), change=(group.status(person.id), LEFT))
    return changed


def changes_bot(world: World, group: Group, actor: Person, status: str) -> Group:
    """Make the bot a member or an administrator, put it out or throw it out; the bot is told."""
    if status == group.bot_status:
        return group
    changed = replace(group, bot_status=status, bot_was_here=group.bot_was_here or status in {MEMBER, ADMINISTRATOR})
    with world.store.together():
        world.keep_group(changed)
        tell_about(world, changed, actor.as_user(), world.bot, change=(group.bot_status, status))
        if changed.has_bot and not group.has_bot:
            _announce(world, changed, actor.as_user(), {"new_chat_members": [world.bot]})
        elif group.has_bot and not changed.has_bot:
            _announce(world, changed, actor.as_user(), {"left_chat_member": world.bot})
    return changed


def opens_topic(world: World, group: Group, actor: Person, name: str) -> int:
    """Open a topic; its number is that of the message that says so."""
    if not group.forum:
        raise NotPossibleError(_NO_TOPICS)
    about = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    with world.store.together():
        kept = world.post(group, actor.as_user(), about)
        kept = world.edit(kept, {"message_thread_id": kept.id, "is_topic_message": True, "edit_date": None})
        world.keep_group(replace(group, topics={**group.topics, kept.id: Topic(name=name)}))
        _tell(world, group, kept)
    return kept.id


def closes_topic(world: World, group: Group, actor: Person, thread: int, *, closed: bool) -> Group:
    """Close a topic or open it again."""
    if thread not in group.topics:
        raise NotPossibleError(_NO_TOPICS)
    topics = {**group.topics, thread: replace(group.topics[thread], closed=closed)}
    changed = replace(group, topics=topics)
    about: dict[str, Any] = {("forum_topic_closed" if closed else "forum_topic_reopened"): {}}
    with world.store.together():
        world.keep_group(changed)
        _announce(world, changed, actor.as_user(), {**about, "message_thread_id": thread, "is_topic_message": True})
    return changed


def migrates(world: World, group: Group) -> Group:
    """Turn a group into a supergroup, which is another chat to the bot."""
    if group.supergroup or group.migrated_to is not None:
        raise NotPossibleError(_ALREADY)
    after = replace(group, id=next_id(world.groups, supergroup=True), supergroup=True)
    creator = world.people[group.creator_id].as_user()
    with world.store.together():
        world.keep_group(after)
        _announce(world, group, creator, {"migrate_to_chat_id": after.id})
        world.keep_group(replace(group, migrated_to=after.id))
        _announce(world, after, creator, {"migrate_from_chat_id": group.id})
    return after


def _announce(world: World, group: Group, actor: dict[str, Any], fields: dict[str, Any]) -> None:
    _tell(world, group, world.post(group, actor, fields))


def _tell(world: World, group: Group, kept: Kept) -> None:
    if bot_hears(group, kept, world.bot):
        world.updates.add("message", kept.message)
