"""Create, close and reopen topics of a supergroup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.actions.service_messages import post_service_message
from bot.sandbox.world.groups import Group, Topic
from bot.sandbox.world.privacy_mode import queue_message

if TYPE_CHECKING:
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World


_NO_TOPICS = "This group has no topics."


def create_topic(world: World, group: Group, actor: Person, name: str) -> int:
    """Create a topic and return its identifier, which is that of the service message about it."""
    if not group.forum:
        raise NotAllowedError(_NO_TOPICS)
    about = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    with world.store.transaction():
        stored = world.post(group, actor.as_user(), about)
        stored = world.edit(stored, {"message_thread_id": stored.id, "is_topic_message": True, "edit_date": None})
        world.save_group(replace(group, topics={**group.topics, stored.id: Topic(name=name)}))
        queue_message(world, group, stored)
    return stored.id


def set_topic_closed(world: World, group: Group, actor: Person, thread: int, *, closed: bool) -> Group:
    """Close or reopen a topic."""
    if thread not in group.topics:
        raise NotAllowedError(_NO_TOPICS)
    topics = {**group.topics, thread: replace(group.topics[thread], closed=closed)}
    changed = replace(group, topics=topics)
    about: dict[str, Any] = {("forum_topic_closed" if closed else "forum_topic_reopened"): {}}
    with world.store.transaction():
        world.save_group(changed)
        post_service_message(
            world, changed, actor.as_user(), {**about, "message_thread_id": thread, "is_topic_message": True}
        )
    return changed
