"""The bot at work in a sandbox, with people to talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from bot.service import BotService
from core.engine import Engine
from core.services import outbox
from tests.support.account import Office
from tests.support.chat import Person
from tests.support.gate import Gate

OWNER, MANAGER, STRANGER = 1001, 1002, 1003
PAGES = "http://127.0.0.1:8080"
SECRET = "a secret key of tests"


@dataclass(kw_only=True)
class Town:
    """A sandbox with a running bot: its people, and what the operator was told."""

    engine: Engine
    sandbox: Sandbox
    gate: Gate
    http: ClientSession
    announced: list[str] = field(default_factory=list)

    @property
    def owner(self) -> Person:
        """The person named in the settings as the owner."""
        return self.person(OWNER)

    @property
    def stranger(self) -> Person:
        """Somebody whom nobody let in."""
        return self.person(STRANGER)

    async def outbox_has(self, state: str) -> None:
        """Wait until a message of the outbox is in a state."""
        async with asyncio.timeout(10):
            while state not in await self.engine.read(outbox.counts):
                await asyncio.sleep(0.02)

    async def signs_up(self, office: Office, *emails: str) -> list[int]:
        """Let people sign up through a new profile; when this returns, the owner has heard of the first of them."""
        await self.owner.asks("/start")
        card = await office.profile()
        numbers = [(await office.sign_up(card.token, email)).user_id for email in emails or ("anna@example.com",)]
        await self.owner.reads("The first learner signed up")
        return numbers

    def person(self, telegram_id: int) -> Person:
        """Somebody in the sandbox."""
        return Person(self.http, self.sandbox.url, telegram_id)


@asynccontextmanager
async def open_town(engine: Engine, *, owner_id: int | None = OWNER) -> AsyncIterator[Town]:
    """Run the bot against a sandbox of its own, through a gate."""
    sandbox = Sandbox(port=0, owner_id=OWNER)
    await sandbox.start()
    gate = Gate(sandbox.url)
    api_url = await gate.start()
    async with ClientSession() as http:
        town = Town(engine=engine, sandbox=sandbox, gate=gate, http=http)
        service = BotService(
            engine,
            token=SANDBOX_TOKEN,
            api_url=api_url,
            public_url=PAGES,
            secret_key=SECRET,
            owner_telegram_id=owner_id,
            announce=town.announced.append,
        )
        service.start()
        try:
            yield town
        finally:
            await service.stop()
            await gate.stop()
            await sandbox.stop()
