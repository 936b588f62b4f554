"""Service messages: what a chat shows when its members, topics or kind change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.world.groups import Group
    from bot.sandbox.world.world import World

from bot.sandbox.world.privacy_mode import queue_message


def post_service_message(world: World, group: Group, actor: dict[str, Any], fields: dict[str, Any]) -> None:
    """Post a message that has no text, only the fields that say what changed."""
    queue_message(world, group, world.post(group, actor, fields))
