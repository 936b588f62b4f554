"""Edit one's own messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.actions.errors import MEMBERS_ONLY, UNBLOCK_FIRST, NotAllowedError
from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from bot.sandbox.rules.texts import text_fields
from bot.sandbox.world.groups import Group
from bot.sandbox.world.privacy_mode import queue_edit

if TYPE_CHECKING:
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World

_OWN_TEXTS_ONLY = "Only texts that you wrote yourself can be edited."
_UNCHANGED = "Change the text."


def edit_text(world: World, person: Person, stored: StoredMessage, text: str) -> StoredMessage:
    """Replace the text of a message that a person wrote, and queue the edit for the bot."""
    chat = world.chat(stored.chat_id)
    if isinstance(chat, Group) and person.id not in chat.members:
        raise NotAllowedError(MEMBERS_ONLY)
    if chat is person and person.blocked:
        raise NotAllowedError(UNBLOCK_FIRST)
    foreign = {"forward_origin", "via_bot"} & stored.message.keys()
    if chat is None or stored.message["from"]["id"] != person.id or "text" not in stored.message or foreign:
        raise NotAllowedError(_OWN_TEXTS_ONLY)
    fields = text_fields("text", "entities", with_detected_entities(FormattedText(text)))
    if fields["text"] == stored.message["text"]:
        raise NotAllowedError(_UNCHANGED)
    with world.store.transaction():
        edited = world.edit(stored, {"entities": None, **fields})
        queue_edit(world, chat, edited)
    return edited
