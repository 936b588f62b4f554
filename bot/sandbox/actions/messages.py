"""Texts and documents that people send."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.actions.destination import Destination
from bot.sandbox.actions.errors import MEMBERS_ONLY, UNBLOCK_FIRST, NotAllowedError
from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from bot.sandbox.rules.texts import text_fields
from bot.sandbox.world.files import document_from
from bot.sandbox.world.groups import ADMINISTRATOR, CREATOR, Group
from bot.sandbox.world.privacy_mode import queue_message

if TYPE_CHECKING:
    from bot.sandbox.rules.call import Upload
    from bot.sandbox.world.messages import StoredMessage
    from bot.sandbox.world.people import Person
    from bot.sandbox.world.world import World


_MIGRATED = "This group is a supergroup now."
_NO_TOPIC = "There is no such topic."
_CLOSED = "This topic is closed."


def send_text(world: World, person: Person, text: str, destination: Destination | None = None) -> StoredMessage:
    """Send a text, to the bot by default; the first one to the bot starts the private chat."""
    fields = text_fields("text", "entities", with_detected_entities(FormattedText(text)))
    with world.store.transaction():
        return send_message(world, person, fields, destination)


def send_document(
    world: World, person: Person, upload: Upload, caption: str, destination: Destination | None = None
) -> StoredMessage:
    """Send a file as a document."""
    file = document_from(upload)
    fields = file.as_media() | text_fields(
        "caption", "caption_entities", with_detected_entities(FormattedText(caption))
    )
    with world.store.transaction():
        world.save_file(file, upload.data)
        return send_message(world, person, fields, destination)


def send_message(
    world: World, person: Person, fields: dict[str, Any], destination: Destination | None = None
) -> StoredMessage:
    """Post a message and queue it for the bot, inside an open transaction of the store."""
    destination = destination or Destination(chat=person)
    if isinstance(destination.chat, Group):
        fields = fields | _checked_thread(person, destination.chat, destination.thread)
    else:
        _start_private_chat(world, person)
    if destination.reply_to:
        fields["reply_to_message"] = destination.reply_to.as_reply_target()
    stored = world.post(destination.chat, person.as_user(), fields)
    queue_message(world, destination.chat, stored)
    return stored


def _start_private_chat(world: World, person: Person) -> None:
    if person.blocked:
        raise NotAllowedError(UNBLOCK_FIRST)
    if not person.started:
        world.save_person(replace(person, started=True))


def _checked_thread(person: Person, group: Group, thread: int | None) -> dict[str, Any]:
    if group.migrated_to is not None:
        raise NotAllowedError(_MIGRATED)
    if person.id not in group.members:
        raise NotAllowedError(MEMBERS_ONLY)
    if thread is None:
        return {}
    topic = group.topics.get(thread)
    if topic is None:
        raise NotAllowedError(_NO_TOPIC)
    if topic.closed and group.status(person.id) not in {ADMINISTRATOR, CREATOR}:
        raise NotAllowedError(_CLOSED)
    return {"message_thread_id": thread, "is_topic_message": True}
