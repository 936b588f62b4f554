"""Telegram's privacy mode: which messages in groups a bot gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.world.groups import ADMINISTRATOR, Group

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.world import Chat, World

_SERVICE_FIELDS = (
    "new_chat_members",
    "left_chat_member",
    "forum_topic_created",
    "forum_topic_closed",
    "forum_topic_reopened",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def queue_message(world: World, chat: Chat, stored: StoredMessage) -> None:
    """Queue a message for the bot if privacy mode lets it through."""
    if _bot_receives(chat, stored, world.bot):
        world.updates.add("message", stored.message)


def queue_edit(world: World, chat: Chat, stored: StoredMessage) -> None:
    """Queue the new version of a message if privacy mode lets it through."""
    if _bot_receives(chat, stored, world.bot):
        world.updates.add("edited_message", stored.message)


def _bot_receives(chat: Chat, stored: StoredMessage, bot: dict[str, Any]) -> bool:
    """Whether the bot gets a message: all in private chats, in groups what privacy mode lets through."""
    if not isinstance(chat, Group):
        return True
    if not chat.has_bot:
        return False
    message = stored.message
    return (
        chat.bot_status == ADMINISTRATOR
        or any(kind in message for kind in _SERVICE_FIELDS)
        or "via_bot" in message
        or message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]
        or _is_addressed(message, str(bot["username"]).lower())
    )


def _is_addressed(message: dict[str, Any], username: str) -> bool:
    text = message.get("text", message.get("caption", "")).encode("utf-16-le")
    for entity in message.get("entities", message.get("caption_entities", [])):
        start, length = 2 * entity["offset"], 2 * entity["length"]
        name, at, whom = text[start : start + length].decode("utf-16-le").lower().partition("@")
        if entity["type"] == "bot_command" and name and (not at or whom == username):
            return True
        if entity["type"] == "mention" and whom == username:
            return True
    return False
