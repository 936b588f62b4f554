"""The one small world behind both halves of the sandbox: people, their chats with the bot, files, updates."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.feed import Event, Feed
from bot.sandbox.files import SentFile
from bot.sandbox.people import Person, first_people, owner, person_from
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.store import Store
    from bot.sandbox.webhook import Delivery

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
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.message["from"]["is_bot"])

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
        self.files = {key: SentFile(**body) for key, body in store.all("file").items()}
        self.answers: defaultdict[int, deque[Event]] = defaultdict(lambda: deque(maxlen=_ANSWERS_KEPT))
        self._chats: defaultdict[int, dict[int, Kept]] = defaultdict(dict)
        self._counters = store.all("setting").get("counters", {"message_id": 0, "revision": 0})
        self._load_messages()
        self._add_first_people(owner_id)

    def _load_messages(self) -> None:
        for _, body in sorted(self.store.all("message").items(), key=lambda item: int(item[0])):
            kept = Kept(**body)
            self._chats[kept.message["chat"]["id"]][kept.id] = kept

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

    def tell_people(self) -> None:
        """Tell every page who is there and what was said last."""
        self.feed.tell_everybody({"kind": "people", "people": self.people_as_json()})

    def people_as_json(self) -> list[dict[str, Any]]:
        """Return everybody, with the newest message of their chat."""
        return [{**person.as_json(), "last": self._last(person.id)} for person in self.people.values()]

    def _last(self, person_id: int) -> Event | None:
        chat = self._chats[person_id]
        return chat[next(reversed(chat))].as_json() if chat else None

    def messages(self, person_id: int) -> list[Kept]:
        """Return the newest messages of a chat, oldest first."""
        return list(self._chats[person_id].values())[-RECENT:]

    def message(self, person_id: int, message_id: int) -> Kept | None:
        """Return one message of a chat, None if there is no such message."""
        return self._chats[person_id].get(message_id)

    @property
    def revision(self) -> int:
        """The number of the newest change."""
        return int(self._counters["revision"])

    def post(self, person: Person, sender: dict[str, Any], fields: dict[str, Any]) -> Kept:
        """Add a message to a chat, inside an open change of the store."""
        self._counters = {**self._counters, "message_id": self._counters["message_id"] + 1}
        message = {
            "message_id": self._counters["message_id"],
            "from": sender,
            "chat": person.as_chat(),
            "date": int(self.clock()),
            **fields,
        }
        return self._keep(person.id, message)

    def edit(self, person: Person, kept: Kept, fields: dict[str, Any]) -> Kept:
        """Replace fields of a message, inside an open change of the store; None takes a field away."""
        changed = {**kept.message, **fields, "edit_date": int(self.clock())}
        return self._keep(person.id, {name: value for name, value in changed.items() if value is not None})

    def _keep(self, person_id: int, message: dict[str, Any]) -> Kept:
        kept = Kept(revision=self.next_revision(), message=message)
        self._chats[person_id][kept.id] = kept
        self.store.put("message", kept.id, kept.as_json())
        self.feed.tell(person_id, {"kind": "message", **kept.as_json()})
        self.tell_people()
        return kept

    def next_revision(self) -> int:
        """Count one more change, inside an open change of the store."""
        self._counters = {**self._counters, "revision": self._counters["revision"] + 1}
        self.store.put("setting", "counters", self._counters)
        return self.revision

    def delete(self, person: Person, kept: Kept) -> None:
        """Take a message out of a chat, inside an open change of the store."""
        del self._chats[person.id][kept.id]
        self.store.remove("message", kept.id)
        self.feed.tell(person.id, {"kind": "deleted", "message_id": kept.id})
        self.tell_people()

    def keep_file(self, file: SentFile, contents: bytes) -> None:
        """Keep a file, inside an open change of the store."""
        self.files[file.file_id] = file
        self.store.put("file", file.file_id, file.as_json())
        self.store.put_contents(file.file_id, contents)

    def end_waits(self) -> None:
        """End every poll and every stream at once."""
        self.updates.close()
        self.feed.close()
