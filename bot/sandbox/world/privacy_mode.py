"""What a bot hears in groups, as Telegram's privacy mode has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.world.groups import ADMINISTRATOR, Group

if TYPE_CHECKING:
    from bot.sandbox.world.world import Chat, Kept

SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "forum_topic_created",
    "forum_topic_closed",
    "forum_topic_reopened",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def bot_hears(chat: Chat, kept: Kept, bot: dict[str, Any]) -> bool:
    """Whether the bot is told of a message: all in private, in groups what concerns it."""
    if not isinstance(chat, Group):
        return True
    if not chat.has_bot:
        return False
    message = kept.message
    return (
        chat.bot_status == ADMINISTRATOR
        or any(kind in message for kind in SERVICE)
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
