"""The state shared by the Bot API and the pages: people, groups, messages, files, updates."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.sandbox.world.events import Event, EventBus
from bot.sandbox.world.files import SentFile
from bot.sandbox.world.groups import Group, group_from
from bot.sandbox.world.messages import StoredMessage
from bot.sandbox.world.people import Person, initial_people, owner, person_from
from bot.sandbox.world.update_queue import UpdateQueue
from bot.sandbox.world.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world.store import Store
    from bot.sandbox.world.webhook_settings import DeliveryOptions

Chat: TypeAlias = Person | Group

RECENT = 500

_ANSWERS_KEPT = 20


class World:
    """The whole state, in memory and in the store; changes are published to the pages."""

    def __init__(
        self,
        store: Store,
        *,
        bot: dict[str, Any],
        owner_id: int,
        clock: Callable[[], float],
        repeats: Callable[[], bool],
        delivery: DeliveryOptions,
    ) -> None:
        self.store = store
        self.bot = bot
        self.clock = clock
        self.events = EventBus()
        self.updates = UpdateQueue(store, clock, repeats)
        self.webhook = Webhook(self.updates, store, clock, delivery)
        self.people = {int(key): person_from(body) for key, body in store.all("person").items()}
        self.groups = {int(key): group_from(body) for key, body in store.all("group").items()}
        self.files = {key: SentFile(**body) for key, body in store.all("file").items()}
        self.answers: defaultdict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=_ANSWERS_KEPT))
        self._chats: defaultdict[int, dict[int, StoredMessage]] = defaultdict(dict)
        self._counters = store.all("setting").get("counters", {"message_id": 0, "revision": 0})
        self._load_messages()
        self._add_first_people(owner_id)

    def _load_messages(self) -> None:
        for _, body in sorted(self.store.all("message").items(), key=lambda item: int(item[0])):
            stored = StoredMessage(**body)
            self._chats[stored.chat_id][stored.id] = stored

    def _add_first_people(self, owner_id: int) -> None:
        newcomers = initial_people(owner_id) if not self.people else [owner(owner_id)]
        with self.store.transaction():
            for person in newcomers:
                if person.id not in self.people:
                    self.save_person(person)

    def save_person(self, person: Person) -> None:
        """Save a person, new or changed, inside an open transaction of the store."""
        self.people[person.id] = person
        self.store.put("person", person.id, person.as_json())
        self.publish_chats()

    def save_group(self, group: Group) -> None:
        """Save a group, new or changed, inside an open transaction of the store."""
        self.groups[group.id] = group
        self.store.put("group", group.id, group.as_json())
        self.publish_chats()

    def chat(self, chat_id: int) -> Chat | None:
        """Return a private chat or a group by its identifier, None if there is none."""
        return self.people.get(chat_id) or self.groups.get(chat_id)

    def publish_chats(self) -> None:
        """Publish all people and groups, with their newest messages."""
        self.events.publish_to_all({"kind": "people", **self.chats_as_json()})

    def _publish_last(self, chat_id: int) -> None:
        self.events.publish_to_all({"kind": "last", "chat_id": chat_id, "last": self._last_message(chat_id)})

    def chats_as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return all people and groups, with the newest message of each chat."""
        return {
            kind: [{**chat.as_json(), "last": self._last_message(chat.id)} for chat in chats]
            for kind, chats in (("people", self.people.values()), ("groups", self.groups.values()))
        }

    def _last_message(self, chat_id: int) -> Event | None:
        chat = self._chats[chat_id]
        return chat[next(reversed(chat))].as_json() if chat else None

    def messages(self, chat_id: int, before: int = 0) -> list[StoredMessage]:
        """Return the newest messages of a chat, or of those before a message, oldest first."""
        earlier = (stored for number, stored in self._chats[chat_id].items() if not before or number < before)
        return list(earlier)[-RECENT:]

    def message(self, chat_id: int, message_id: int) -> StoredMessage | None:
        """Return a message of a chat, None if there is none."""
        return self._chats[chat_id].get(message_id)

    @property
    def revision(self) -> int:
        """The number of the latest change."""
        return int(self._counters["revision"])

    def post(self, chat: Chat, sender: dict[str, Any], fields: dict[str, Any]) -> StoredMessage:
        """Add a message to a chat, inside an open transaction of the store."""
        self._counters = {**self._counters, "message_id": self._counters["message_id"] + 1}
        message = {
            "message_id": self._counters["message_id"],
            "from": sender,
            "chat": chat.as_chat(),
            "date": int(self.clock()),
            **fields,
        }
        return self._save(chat.id, message)

    def edit(self, stored: StoredMessage, fields: dict[str, Any]) -> StoredMessage:
        """Replace fields of a message, inside an open transaction of the store; None removes a field."""
        changed = {**stored.message, **fields, "edit_date": int(self.clock())}
        return self._save(stored.chat_id, {name: value for name, value in changed.items() if value is not None})

    def _save(self, chat_id: int, message: dict[str, Any]) -> StoredMessage:
        stored = StoredMessage(revision=self.next_revision(), message=message)
        self._chats[chat_id][stored.id] = stored
        self.store.put("message", stored.id, stored.as_json())
        self.events.publish_to_chat(chat_id, {"kind": "message", **stored.as_json()})
        self._publish_last(chat_id)
        return stored

    def next_revision(self) -> int:
        """Number one more change, inside an open transaction of the store."""
        self._counters = {**self._counters, "revision": self._counters["revision"] + 1}
        self.store.put("setting", "counters", self._counters)
        return self.revision

    def delete(self, stored: StoredMessage) -> None:
        """Delete a message, inside an open transaction of the store."""
        del self._chats[stored.chat_id][stored.id]
        self.store.remove("message", stored.id)
        group = self.groups.get(stored.chat_id)
        if group is not None and stored.id in group.pinned:
            self.save_group(replace(group, pinned=tuple(each for each in group.pinned if each != stored.id)))
        self.events.publish_to_chat(stored.chat_id, {"kind": "deleted", "message_id": stored.id})
        self._publish_last(stored.chat_id)

    def save_file(self, file: SentFile, contents: bytes) -> None:
        """Save a file, inside an open transaction of the store."""
        self.files[file.file_id] = file
        self.store.put("file", file.file_id, file.as_json())
        self.store.put_contents(file.file_id, contents)

    def end_waiting_requests(self) -> None:
        """End all long polls and event streams immediately."""
        self.updates.close()
        self.events.close()
