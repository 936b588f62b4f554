"""Bots killed at any moment while many chats send lines: each line has its effect once, and its sender hears of it.

`GANGWAY_KILLS` says how often on each database.
"""

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from core.domain.access import Role
from core.engine import Engine
from core.services import inbox, outbox
from core.services.inbox import LEASE
from core.storage.tables import Profile
from tests.support.account import an_office
from tests.support.chat import Person
from tests.support.patience import PATIENCE
from tests.support.program import Program, running
from tests.support.rows import a_user

KILLS = int(os.environ.get("GANGWAY_KILLS", "2"))
CHATS = 50
OPEN = {"waiting", "claimed", "answering"}
UNSENT = {"waiting", "claimed", "sending"}
SETTLED_WITHIN = 4 * LEASE.total_seconds() + 2 * PATIENCE
ANSWERS_A_SECOND = 15


@dataclass(kw_only=True)
class Chat:
    """An administrator who sends one line after another, without waiting for answers."""

    person: Person
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    sent: list[str] = field(default_factory=list)

    async def send(self) -> None:
        """Ask for another profile."""
        name = f"Line {self.person.id}-{next(self.numbers):03}."
        await self.person.says(f"/newprofile {name} | Sales / EMEA | now - +1 week | 5")
        self.sent.append(name)


@dataclass(kw_only=True)
class Street:
    """A sandbox with many administrators' chats, and a database; bots come and go."""

    folder: Path
    engine: Engine
    settings: dict[str, str]
    chats: list[Chat]

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Program]:
        """A bot in a process of its own, once it takes updates."""
        async with running(self.folder, "bot", **self.settings) as program:
            await program.prints("bot is up")
            yield program

    async def send_lines(self, rounds: int) -> None:
        """Let every chat send lines, all at once."""
        for _ in range(rounds):
            await asyncio.gather(*(chat.send() for chat in self.chats))

    async def is_settled(self) -> None:
        """Wait until nothing is open: no update, no message about one. Answers come no faster than Telegram takes."""
        lines = sum(len(chat.sent) for chat in self.chats)
        async with asyncio.timeout(SETTLED_WITHIN + lines / ANSWERS_A_SECOND):
            while await self._open():
                await asyncio.sleep(0.1)

    async def _open(self) -> bool:
        incoming, outgoing = await self.engine.read(inbox.counts), await self.engine.read(outbox.counts)
        sent = sum(len(chat.sent) for chat in self.chats)
        return bool(OPEN & incoming.keys() or UNSENT & outgoing.keys()) or sum(incoming.values()) < sent

    async def check(self) -> None:
        """See that each line had its effect once, in order, and that its sender heard of it, of none twice unseen."""
        made = await self.engine.read(profiles_by_name)
        for chat in self.chats:
            numbers = [made.pop(name) for name in chat.sent]
            assert [len(each) for each in numbers] == [1] * len(numbers)
            assert sorted(numbers) == numbers
            texts = [message.text for message in await chat.person.messages() if message.by_bot]
            answers = Counter(name for name in chat.sent for text in texts if f" {name} (#" in text.partition("\n")[0])
            assert max(answers.values(), default=0) <= 1
            assert [name for name in chat.sent if not any(name in text for text in texts)] == []
        assert made == {}


def profiles_by_name(session: Session) -> dict[str, list[int]]:
    """Give the numbers of all profiles by their names."""
    found: dict[str, list[int]] = {}
    for number, name in session.execute(select(Profile.id, Profile.name).order_by(Profile.id)).all():
        found.setdefault(name, []).append(number)
    return found


@pytest.fixture
async def street(tmp_path: Path, database_url: str) -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(port=0)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        http = await stack.enter_async_context(ClientSession())
        engine = Engine(database_url)
        stack.push_async_callback(engine.close)
        await an_office(engine)
        chats = []
        for number in range(CHATS):
            async with http.post(
                f"{sandbox.url}/api/people", json={"name": f"A{number}", "language_code": "en"}
            ) as made:
                person_id = (await made.json())["id"]
            await a_user(engine, Role.ADMINISTRATOR, telegram_id=person_id)
            chats.append(Chat(person=Person(http, sandbox.url, person_id)))
        settings = {"DATABASE_URL": database_url, "BOT_API_URL": sandbox.url, "BOT_TOKEN": SANDBOX_TOKEN}
        yield Street(folder=tmp_path, engine=engine, settings=settings, chats=chats)


@pytest.mark.deep
@pytest.mark.timeout(600 + 60 * KILLS)
async def test_a_killed_bot_does_nothing_twice_and_leaves_nobody_without_a_word(street: Street) -> None:
    for _ in range(KILLS):
        async with street.bot() as bot:
            sending = asyncio.create_task(street.send_lines(1))
            await asyncio.sleep(secrets.randbelow(800) / 1000)
            bot.process.kill()
            await sending
    async with street.bot() as bot:
        await street.is_settled()
        assert await bot.ends() == 0
    await street.check()


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_bots_on_one_database_keep_each_chat_in_order_also_when_one_is_killed(street: Street) -> None:
    async with street.bot() as first, street.bot() as second:
        await street.send_lines(2)
        first.process.kill()
        await street.send_lines(1)
        await street.is_settled()
        assert await second.ends() == 0
    await street.check()
