"""Forward messages, with the origin that Telegram states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.errors import NotAllowedError
from bot.sandbox.actions.messages import send_message

if TYPE_CHECKING:
    from bot.sandbox.actions.destination import Destination
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "via_bot",
)
_PROTECTED = "This message can't be forwarded."


def forward_message(
    world: World, person: Person, stored: StoredMessage, destination: Destination, *, hidden: bool = False
) -> StoredMessage:
    """Forward a message; `hidden`: its author's settings hide their account, so that only the name is stated."""
    content = {name: stored.message[name] for name in _CONTENT if name in stored.message}
    if "has_protected_content" in stored.message or not content.keys() & {"text", "photo", "document"}:
        raise NotAllowedError(_PROTECTED)
    with world.store.transaction():
        origin = _origin(stored.message, hidden=hidden)
        return send_message(world, person, {**content, **_kept_keyboard(stored), "forward_origin": origin}, destination)


def _origin(message: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    """Return Telegram's MessageOrigin; a forwarded message keeps its first one."""
    if "forward_origin" in message:
        origin: dict[str, Any] = message["forward_origin"]
        return origin
    if chat := message.get("sender_chat"):
        if chat["type"] == "channel":
            return {
                "type": "channel",
                "date": message["date"],
                "chat": chat,
                "message_id": message["message_id"],
            }
        return {"type": "chat", "date": message["date"], "sender_chat": chat}
    if hidden:
        name = f"{message['from']['first_name']} {message['from'].get('last_name', '')}".strip()
        return {"type": "hidden_user", "date": message["date"], "sender_user_name": name}
    return {"type": "user", "date": message["date"], "sender_user": message["from"]}


def _kept_keyboard(stored: StoredMessage) -> dict[str, Any]:
    """Return the keyboard if it has only links: Telegram removes one that would call back another chat's bot."""
    keyboard = stored.message.get("reply_markup", {}).get("inline_keyboard", [])
    only_links = keyboard and all("url" in button for row in keyboard for button in row)
    return {"reply_markup": {"inline_keyboard": keyboard}} if only_links else {}
