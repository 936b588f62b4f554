"""The chat and topic that a call names, and whether the bot can write there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.world.groups import ADMINISTRATOR, KICKED, Group

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import Chat, World

_NUMBER = re.compile(r"-?\d+")


def find_chat(world: World, call: Call) -> Chat:
    """Return the chat that a call names, if the bot has ever seen it."""
    chat_id = call.text("chat_id").strip()
    chat = world.chat(int(chat_id)) if _NUMBER.fullmatch(chat_id) else None
    if chat is None or (isinstance(chat, Group) and not chat.bot_was_here):
        raise ApiError(error_messages.CHAT_NOT_FOUND)
    return chat


def writable_chat(world: World, call: Call) -> Chat:
    """Return the chat that a call names, if the bot can write there."""
    chat = find_chat(world, call)
    if isinstance(chat, Group):
        _check_group(chat)
    elif not chat.started:
        raise ApiError(error_messages.CHAT_NOT_STARTED)
    elif chat.blocked:
        raise ApiError(error_messages.BLOCKED)
    return chat


def _check_group(group: Group) -> None:
    if group.migrated_to is not None:
        raise ApiError(error_messages.MIGRATED, parameters={"migrate_to_chat_id": group.migrated_to})
    if group.bot_status == KICKED:
        raise ApiError(error_messages.kicked(group.kind))
    if not group.has_bot:
        raise ApiError(error_messages.not_a_member(group.kind))


def target_thread(chat: Chat, call: Call, replied_to: StoredMessage | None) -> int | None:
    """Return the topic that a call names or that the replied-to message is in, None if there is neither."""
    asked = call.integer("message_thread_id")
    number: int | None = asked or (replied_to.message.get("message_thread_id") if replied_to else None)
    if number is None:
        return None
    topic = chat.topics.get(number) if isinstance(chat, Group) else None
    if topic is None:
        raise ApiError(error_messages.THREAD_NOT_FOUND)
    if topic.closed and isinstance(chat, Group) and chat.bot_status != ADMINISTRATOR:
        raise ApiError(error_messages.TOPIC_CLOSED)
    return number
