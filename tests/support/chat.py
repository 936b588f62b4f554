"""A person in the sandbox, as a test sees one: writes, taps, reads."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import ClientTimeout, FormData

from tests.support.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import ClientSession

Event = dict[str, Any]
Found = TypeVar("Found")

_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class SeenMessage:
    """A message as it was when it was read; the revision rises with every change."""

    id: int
    revision: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...]
    raw: dict[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every button's label, row by row."""
        return tuple(label for row in self.buttons for label in row)

    def button(self, label: str) -> dict[str, Any]:
        """Return a button as Telegram's object: its url, callback_data or copy_text."""
        row, column = self.place(label)
        found: dict[str, Any] = self.raw["reply_markup"]["inline_keyboard"][row][column]
        return found

    def place(self, label: str) -> tuple[int, int]:
        """Return the row and column of a button."""
        for number, row in enumerate(self.buttons):
            if label in row:
                return number, row.index(label)
        raise AssertionError(f"no button {label!r} on:\n{self}")  # noqa: EM102, TRY003 - a failed test explains itself

    def __str__(self) -> str:
        rows = [" ".join(f"[ {label} ]" for label in row) for row in self.buttons]
        media = "".join(f"<{kind}> " for kind in ("photo", "document") if kind in self.raw)
        return "\n".join([f"{'bot:   ' if self.by_bot else 'person:'} #{self.id} {media}{self.text}", *rows])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a tap was answered with: a passing note or an alert."""

    revision: int
    text: str
    show_alert: bool


@dataclass(frozen=True, kw_only=True)
class Result:
    """Something that the bot offers inline; it's sent by `Person.chooses`."""

    query_id: str
    id: str
    title: str
    description: str


class Person:
    """Acts for one person in one chat over the sandbox's JSON API, and waits for what the bot makes of it."""

    def __init__(
        self, session: ClientSession, sandbox_url: str, person_id: int, *, chat_id: int = 0, topic: int = 0
    ) -> None:
        self._session = session
        self._sandbox = sandbox_url
        self._root = f"{sandbox_url}/api/people/{person_id}"
        self._place = {"chat_id": chat_id or person_id} | ({"message_thread_id": topic} if topic else {})
        self._since = 0
        self._read = 0
        self.id = person_id

    def within(self, chat_id: int, *, topic: int = 0) -> Person:
        """Return the same person with a group open instead of their chat with the bot, or a topic of it."""
        return Person(self._session, self._sandbox, self.id, chat_id=chat_id, topic=topic)

    async def makes_group(self, title: str, *, supergroup: bool = True, topics: bool = False, bot: bool = True) -> int:
        """Make a group, with the bot in it, and return its number."""
        group = {"person_id": self.id, "title": title, "supergroup": supergroup, "topics": topics, "bot": bot}
        return int((await self._post_to(f"{self._sandbox}/api/groups", json=group))["id"])

    async def changes_group(self, group_id: int, act: str, **details: object) -> Event:
        """Change a group: `members`, `bot`, `topics` or `migrate`, with the details that the page would send."""
        body = {"person_id": self.id, **details}
        return await self._post_to(f"{self._sandbox}/api/groups/{group_id}/{act}", json=body)

    async def starts(self, code: str = "") -> SeenMessage:
        """Press Start, as a deep link with this code offers it."""
        return self._own(await self._post("start", json={"code": code}))

    async def says(self, text: str, *, reply_to: SeenMessage | None = None) -> SeenMessage:
        """Write to the bot, or in the group that is open."""
        reply = {"reply_to_message_id": reply_to.id} if reply_to else {}
        return self._own(await self._post("messages", json={"text": text, **self._place, **reply}))

    async def forwards(self, message: SeenMessage, *, hidden: bool = False) -> SeenMessage:
        """Forward a message into the chat that is open; `hidden`: its author's account isn't named."""
        source = {"message_id": message.id, "from_chat_id": message.raw["chat"]["id"], "hidden": hidden}
        return self._own(await self._post("forwards", json={**source, **self._place}))

    async def edits(self, message: SeenMessage, text: str) -> SeenMessage:
        """Change the text of one's own message."""
        return self._own(await self._post("edits", json={"message_id": message.id, "text": text, **self._place}))

    async def says_in_name_of(self, name: str, text: str) -> SeenMessage:
        """Write what isn't one's own word: `other_bot`, `group`, `channel` or `linked_channel`."""
        return self._own(await self._post("names", json={"in_name_of": name, "text": text, **self._place}))

    async def queries(self, words: str, *, timeout: float = PATIENCE) -> tuple[Result, ...]:  # noqa: ASYNC109 - as in reads
        """Type words after the bot's name, and wait for what it offers."""
        query_id = (await self._post("queries", json={"text": words, **self._place}))["query_id"]
        async with asyncio.timeout(timeout):
            while (answer := (await self._get(f"queries/{query_id}"))["answer"]) is None:
                await asyncio.sleep(0.02)
        return tuple(
            Result(query_id=query_id, id=body["id"], title=body["title"], description=body.get("description", ""))
            for body in answer["results"]
        )

    async def chooses(self, result: Result) -> SeenMessage:
        """Send what the bot offered into the chat that is open."""
        body = {"query_id": result.query_id, "result_id": result.id, **self._place}
        return self._own(await self._post("choices", json=body))

    async def asks(self, text: str) -> SeenMessage:
        """Write to the bot and return its answer."""
        return await self.reads(after=await self.says(text))

    async def sends(
        self, name: str, contents: bytes, caption: str = "", *, reply_to: SeenMessage | None = None
    ) -> SeenMessage:
        """Send a file to the bot, or into the group that is open."""
        reply = {"reply_to_message_id": str(reply_to.id)} if reply_to else {}
        form = FormData({"caption": caption, **{name: str(value) for name, value in self._place.items()}, **reply})
        form.add_field("file", contents, filename=name)
        return self._own(await self._post("files", data=form))

    async def taps(self, label: str) -> SeenMessage:
        """Tap the button with this label, and return its message as it was.

        It is that of the message that was read last, or else of the newest one that has such a button: notices come
        in between at any moment.
        """
        messages = await self.messages()
        nearest = sorted(messages, key=lambda message: (message.id != self._read, -message.id))
        tapped = next((message for message in nearest if label in message.labels), None)
        assert tapped is not None, f"no message has a button {label!r}\n{_shown(messages)}"
        row, column = tapped.place(label)
        body = await self._post("taps", json={"message_id": tapped.id, "row": row, "column": column, **self._place})
        self._since = body["revision"]
        return tapped

    async def blocks(self, *, blocked: bool = True) -> None:
        """Block or unblock the bot."""
        await self._post("block", json={"blocked": blocked})

    async def messages(self) -> list[SeenMessage]:
        """Return the chat as it is, oldest first."""
        return _messages_in(await self._get("messages"))

    async def all_messages(self) -> list[SeenMessage]:
        """Return all of the chat, also what the page no longer shows, oldest first."""
        found = await self.messages()
        while earlier := found and _messages_in(await self._get("messages", before=str(found[0].id))):
            found = [*earlier, *found]
        return found

    async def downloads(self, message: SeenMessage) -> bytes:
        """Return what the photo or document of a message holds."""
        media = message.raw["photo"][-1] if "photo" in message.raw else message.raw["document"]
        async with self._session.get(f"{self._sandbox}/api/files/{media['file_id']}") as response:
            response.raise_for_status()
            return await response.read()

    async def reads(
        self,
        containing: str = "",
        *,
        after: SeenMessage | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - a test names its patience where it reads
    ) -> SeenMessage:
        """Wait for a message of the bot, new or edited since a message or since one's own last act."""
        since = after.revision if after else self._since

        def found(event: Event) -> SeenMessage | None:
            wanted = (
                message
                for message in reversed(_messages_in(event))
                if message.by_bot and message.revision > since and containing in message.text
            )
            return next(wanted, None)

        read = await self._waits_for(f"no new message of the bot containing {containing!r}", found, timeout)
        self._read = read.id
        return read

    async def is_told(
        self,
        containing: str = "",
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - a test names its patience where it reads
    ) -> Answer:
        """Wait for what the bot answers to one's last tap."""
        since = self._since

        def found(event: Event) -> Answer | None:
            wanted = (answer for answer in _answers_in(event) if answer.revision > since and containing in answer.text)
            return next(wanted, None)

        return await self._waits_for(f"no answer containing {containing!r}", found, timeout)

    async def loses(
        self,
        message: SeenMessage,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - a test names its patience where it reads
    ) -> None:
        """Wait until the bot has deleted a message."""

        def found(event: Event) -> bool | None:
            if event["kind"] == "chat":
                return message.id not in {kept.id for kept in _messages_in(event)} or None
            return (event["kind"] == "deleted" and event["message_id"] == message.id) or None

        await self._waits_for(f"#{message.id} is still there", found, timeout)

    async def _waits_for(self, lack: str, found: Callable[[Event], Found | None], seconds: float) -> Found:
        try:
            async with asyncio.timeout(seconds), self._events() as events:
                async for event in events:
                    if (result := found(event)) is not None:
                        return result
        except TimeoutError:
            lack = f"{lack} within {seconds} s"
        raise AssertionError(f"{lack}\n{_shown(await self.messages())}")  # noqa: EM102, TRY003 - a failed test explains itself

    @asynccontextmanager
    async def _events(self) -> AsyncIterator[AsyncIterator[Event]]:
        unlimited = ClientTimeout(total=None)
        address = f"{self._root}/events"
        async with self._session.get(address, params=self._place, timeout=unlimited, read_bufsize=2**20) as response:
            response.raise_for_status()
            yield _events_of(response.content.iter_any())

    async def _get(self, what: str, **which: str) -> Event:
        async with self._session.get(f"{self._root}/{what}", params={**self._place, **which}) as response:
            response.raise_for_status()
            body: Event = await response.json()
            return body

    async def _post(self, act: str, **body: Any) -> Event:  # noqa: ANN401 - what aiohttp takes as a body
        return await self._post_to(f"{self._root}/{act}", **body)

    async def _post_to(self, address: str, **body: Any) -> Event:  # noqa: ANN401 - as above
        async with self._session.post(address, **body) as response:
            answer: Event = await response.json()
            act = address.rpartition("/")[2]
            assert response.ok, f"{act} refused: {answer}\n{_shown(await self.messages())}"
            return answer

    def _own(self, body: Event) -> SeenMessage:
        message = _seen(body)
        self._since = message.revision
        return message


async def _events_of(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    waiting = b""
    async for chunk in chunks:
        *complete, waiting = (waiting + chunk).split(b"\n\n")
        for block in complete:
            if block.startswith(b"data: "):
                yield json.loads(block.removeprefix(b"data: "))


def _messages_in(event: Event) -> list[SeenMessage]:
    if event.get("kind") == "message":
        return [_seen(event)]
    return [_seen(body) for body in event.get("messages", [])]


def _answers_in(event: Event) -> list[Answer]:
    bodies = [event] if event["kind"] == "answer" else event.get("answers", [])
    return [Answer(revision=body["revision"], text=body["text"], show_alert=body["show_alert"]) for body in bodies]


def _seen(body: Event) -> SeenMessage:
    raw = body["message"]
    rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
    return SeenMessage(
        id=raw["message_id"],
        revision=body["revision"],
        by_bot=raw["from"]["is_bot"] and "sender_chat" not in raw,
        text=raw.get("text", raw.get("caption", "")),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        raw=raw,
    )


def _shown(messages: list[SeenMessage]) -> str:
    chat = "\n".join(str(message) for message in messages[-_SHOWN:])
    return f"The chat:\n{chat or '(empty)'}"
