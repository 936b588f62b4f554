"""Messages in another name than one's own: of a group, of a channel, or written by another bot."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.actions.messages import send_message
from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from bot.sandbox.rules.texts import text_fields
from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, Group

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sandbox.actions.destination import Destination
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

OTHER_BOT = {"id": 7001, "is_bot": True, "first_name": "Other bot", "username": "other_inline_bot"}
CHANNEL = {"id": -1_001_700_009_001, "title": "Announcements", "type": "channel"}

# Accounts of Telegram's own, which stand in `from` where a chat is the sender (Bot API, `Message.from`).
_GROUP_ANONYMOUS_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
_TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

_SUPERGROUPS_ONLY = "That is possible in supergroups only."
_ADMINISTRATORS_ONLY = "Only administrators can write in the group's name."


class Name(Enum):
    """In whose name a message is sent."""

    OTHER_BOT = "other_bot"
    GROUP = "group"
    CHANNEL = "channel"
    LINKED_CHANNEL = "linked_channel"


def send_in_name(world: World, person: Person, text: str, destination: Destination, name: Name) -> StoredMessage:
    """Send a text that isn't the person's own word: an inline bot's result, a group's or a channel's message."""
    fields = text_fields("text", "entities", with_detected_entities(FormattedText(text)))
    with world.store.transaction():
        return send_message(world, person, fields | _NAMED[name](world, person, destination), destination)


def post_to_channel(world: World, text: str) -> None:
    """Queue a post of a channel, which has no sender; the sandbox shows no channels."""
    fields = text_fields("text", "entities", with_detected_entities(FormattedText(text)))
    with world.store.transaction():
        post = {"message_id": 1, "date": int(world.clock()), "chat": CHANNEL, "sender_chat": CHANNEL, **fields}
        world.updates.add("channel_post", post)


def _via_bot(_world: World, _person: Person, _destination: Destination) -> dict[str, Any]:
    return {"via_bot": OTHER_BOT}


def _as_group(_world: World, person: Person, destination: Destination) -> dict[str, Any]:
    group = _supergroup(destination)
    if group.status(person.id) not in {ADMINISTRATOR, CREATOR}:
        raise NotAllowedError(_ADMINISTRATORS_ONLY)
    return {"from": _GROUP_ANONYMOUS_BOT, "sender_chat": group.as_chat()}


def _as_channel(_world: World, _person: Person, destination: Destination) -> dict[str, Any]:
    _supergroup(destination)
    return {"from": _CHANNEL_BOT, "sender_chat": CHANNEL}


def _from_linked_channel(world: World, _person: Person, destination: Destination) -> dict[str, Any]:
    _supergroup(destination)
    origin = {"type": "channel", "date": int(world.clock()), "chat": CHANNEL, "message_id": 1}
    return {"from": _TELEGRAM, "sender_chat": CHANNEL, "is_automatic_forward": True, "forward_origin": origin}


def _supergroup(destination: Destination) -> Group:
    chat = destination.chat
    if not isinstance(chat, Group) or not chat.supergroup:
        raise NotAllowedError(_SUPERGROUPS_ONLY)
    return chat


_NAMED: Mapping[Name, Callable[[World, Person, Destination], dict[str, Any]]] = {
    Name.OTHER_BOT: _via_bot,
    Name.GROUP: _as_group,
    Name.CHANNEL: _as_channel,
    Name.LINKED_CHANNEL: _from_linked_channel,
}
