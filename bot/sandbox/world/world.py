"""The one small world behind both halves of the sandbox: people, their chats with the bot, files, updates."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.sandbox.world.events import Event, Feed
from bot.sandbox.world.files import SentFile
from bot.sandbox.world.groups import Group, group_from
from bot.sandbox.world.people import Person, first_people, owner, person_from
from bot.sandbox.world.update_queue import UpdateQueue
from bot.sandbox.world.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.world.store import Store
    from bot.sandbox.world.webhook import Delivery

Chat: TypeAlias = Person | Group

RECENT = 500

_ANSWERS_KEPT = 20


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A message as it is now; the revision rises with every change anywhere."""

    revision: int
    message: dict[str, Any]

    @property
    def id(self) -> int:
        """The message's number."""
        return int(self.message["message_id"])

    @property
    def chat_id(self) -> int:
        """The number of its chat."""
        return int(self.message["chat"]["id"])

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.message["from"]["is_bot"])

    def quoted(self) -> dict[str, Any]:
        """Return it as a reply carries it, without what it replied to itself."""
        return {name: value for name, value in self.message.items() if name != "reply_to_message"}

    def as_json(self) -> Event:
        """Return what pages and the state file get."""
        return {"revision": self.revision, "message": self.message}


class World:
    """Keeps everything that the sandbox knows, in memory and in the store, and tells the pages about it."""

    def __init__(
        self,
        store: Store,
        *,
        bot: dict[str, Any],
        owner_id: int,
        clock: Callable[[], float],
        repeats: Callable[[], bool],
        delivery: Delivery,
    ) -> None:
        self.store = store
        self.bot = bot
        self.clock = clock
        self.feed = Feed()
        self.updates = UpdateQueue(store, clock, repeats)
        self.webhook = Webhook(self.updates, store, clock, delivery)
        self.people = {int(key): person_from(body) for key, body in store.all("person").items()}
        self.groups = {int(key): group_from(body) for key, body in store.all("group").items()}
        self.files = {key: SentFile(**body) for key, body in store.all("file").items()}
        self.answers: defaultdict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=_ANSWERS_KEPT))
        self._chats: defaultdict[int, dict[int, Kept]] = defaultdict(dict)
        self._counters = store.all("setting").get("counters", {"message_id": 0, "revision": 0})
        self._load_messages()
        self._add_first_people(owner_id)

    def _load_messages(self) -> None:
        for _, body in sorted(self.store.all("message").items(), key=lambda item: int(item[0])):
            kept = Kept(**body)
            self._chats[kept.chat_id][kept.id] = kept

    def _add_first_people(self, owner_id: int) -> None:
        newcomers = first_people(owner_id) if not self.people else [owner(owner_id)]
        with self.store.together():
            for person in newcomers:
                if person.id not in self.people:
                    self.keep_person(person)

    def keep_person(self, person: Person) -> None:
        """Keep somebody, new or changed, inside an open change of the store."""
        self.people[person.id] = person
        self.store.put("person", person.id, person.as_json())
        self.tell_people()

    def keep_group(self, group: Group) -> None:
        """Keep a group, new or changed, inside an open change of the store."""
        self.groups[group.id] = group
        self.store.put("group", group.id, group.as_json())
        self.tell_people()

    def chat(self, chat_id: int) -> Chat | None:
        """Return a private chat or a group by its number, None if there is no such chat."""
        return self.people.get(chat_id) or self.groups.get(chat_id)

    def tell_people(self) -> None:
        """Tell every page who is there and what was said last."""
        self.feed.tell_everybody({"kind": "people", **self.chats_as_json()})

    def _tell_last(self, chat_id: int) -> None:
        self.feed.tell_everybody({"kind": "last", "chat_id": chat_id, "last": self._last(chat_id)})

    def chats_as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return everybody and every group, with the newest message of their chat."""
        return {
            kind: [{**chat.as_json(), "last": self._last(chat.id)} for chat in chats]
            for kind, chats in (("people", self.people.values()), ("groups", self.groups.values()))
        }

    def _last(self, chat_id: int) -> Event | None:
        chat = self._chats[chat_id]
        return chat[next(reversed(chat))].as_json() if chat else None

    def messages(self, chat_id: int) -> list[Kept]:
        """Return the newest messages of a chat, oldest first."""
        return list(self._chats[chat_id].values())[-RECENT:]

    def message(self, chat_id: int, message_id: int) -> Kept | None:
        """Return one message of a chat, None if there is no such message."""
        return self._chats[chat_id].get(message_id)

    @property
    def revision(self) -> int:
        """The number of the newest change."""
        return int(self._counters["revision"])

    def post(self, chat: Chat, sender: dict[str, Any], fields: dict[str, Any]) -> Kept:
        """Add a message to a chat, inside an open change of the store."""
        self._counters = {**self._counters, "message_id": self._counters["message_id"] + 1}
        message = {
            "message_id": self._counters["message_id"],
            "from": sender,
            "chat": chat.as_chat(),
            "date": int(self.clock()),
            **fields,
        }
        return self._keep(chat.id, message)

    def edit(self, kept: Kept, fields: dict[str, Any]) -> Kept:
        """Replace fields of a message, inside an open change of the store; None takes a field away."""
        changed = {**kept.message, **fields, "edit_date": int(self.clock())}
        return self._keep(kept.chat_id, {name: value for name, value in changed.items() if value is not None})

    def _keep(self, chat_id: int, message: dict[str, Any]) -> Kept:
        kept = Kept(revision=self.next_revision(), message=message)
        self._chats[chat_id][kept.id] = kept
        self.store.put("message", kept.id, kept.as_json())
        self.feed.tell_chat(chat_id, {"kind": "message", **kept.as_json()})
        self._tell_last(chat_id)
        return kept

    def next_revision(self) -> int:
        """Count one more change, inside an open change of the store."""
        self._counters = {**self._counters, "revision": self._counters["revision"] + 1}
        self.store.put("setting", "counters", self._counters)
        return self.revision

    def delete(self, kept: Kept) -> None:
        """Take a message out of a chat, inside an open change of the store."""
        del self._chats[kept.chat_id][kept.id]
        self.store.remove("message", kept.id)
        self.feed.tell_chat(kept.chat_id, {"kind": "deleted", "message_id": kept.id})
        self._tell_last(kept.chat_id)

    def keep_file(self, file: SentFile, contents: bytes) -> None:
        """Keep a file, inside an open change of the store."""
        self.files[file.file_id] = file
        self.store.put("file", file.file_id, file.as_json())
        self.store.put_contents(file.file_id, contents)

    def end_waits(self) -> None:
        """End every poll and every stream at once."""
        self.updates.close()
        self.feed.close()
