"""The bot's worker without its clock: an update is received, handled and answered, and nothing else happens.

An answer is marked when the next update is received, or when the desk is left.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from telegram import Bot

from bot.context import BotAddresses
from bot.receiving.router import Router
from bot.receiving.worker import UpdateWorker
from bot.sandbox import Sandbox
from bot.sending.outcomes import Outcome
from bot.sending.rate_limiter import RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.replies import Reply
from bot.sending.reply_sender import USUAL, ReplySender, Sending
from core.domain.updates import KINDS, read_update
from core.engine import Engine
from core.services.strangers import OwnerClaim
from core.update_recorder import UpdateRecorder
from tests.support.bot_fixture import OWNER, PAGES
from tests.support.chat import Person, SeenMessage
from tests.support.router_fixture import LANGUAGES
from tests.support.sandbox_fixture import bot_of, running
from tests.support.site import SECRET

CLAIM = OwnerClaim(secret_key=SECRET, telegram_id=OWNER)


class WatchedSender(ReplySender):
    """A sender that tells when all is sent: an answer can be read before what follows it is done."""

    def __init__(self, *args: Any) -> None:  # noqa: ANN401 - as the sender's
        super().__init__(*args)
        self._sending: set[asyncio.Future[None]] = set()

    async def deliver(self, reply: Reply, how: Sending = USUAL) -> Outcome:
        """Send a reply."""
        sent = asyncio.get_running_loop().create_future()
        self._sending.add(sent)
        try:
            return await super().deliver(reply, how)
        finally:
            self._sending.discard(sent)
            sent.set_result(None)

    async def has_sent_all(self) -> None:
        """Return when nothing is being sent."""
        while self._sending:
            await asyncio.wait(self._sending)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A sandbox, and a bot that takes what is said there when a test tells it to."""

    engine: Engine
    bot: Bot
    owner: Person
    recorder: UpdateRecorder
    sender: "WatchedSender"

    async def line(self, text: str) -> SeenMessage:
        """Let the owner type a line and read the answer."""
        return await self._answered(self.owner.says(text))

    async def tap(self, label: str) -> SeenMessage:
        """Let the owner tap a button and read what it leads to."""
        return await self._answered(self.owner.taps(label))

    async def tap_in_vain(self, label: str) -> str:
        """Let the owner tap a button that leads nowhere, and read why."""
        await self._take(self.owner.taps(label))
        told = await self.owner.is_told()
        await self.sender.has_sent_all()
        return told.text

    async def _answered(self, act: Awaitable[SeenMessage]) -> SeenMessage:
        await self._take(act)
        read = await self.owner.reads()
        await self.sender.has_sent_all()
        return read

    async def _take(self, act: Awaitable[SeenMessage]) -> None:
        """Let the bot receive what the owner does."""
        await act
        updates = await self.bot.get_updates(allowed_updates=KINDS)
        await self.recorder.record([read_update(update.to_dict()) for update in updates])
        await self.bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)  # confirms them


@asynccontextmanager
async def open_desk(engine: Engine) -> AsyncIterator[Desk]:
    """Let the owner of the engine's account open the chat with a bot in a sandbox."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running(Sandbox(port=0, owner_id=OWNER)))
        bot = await stack.enter_async_context(bot_of(sandbox))
        http = await stack.enter_async_context(ClientSession())
        addresses = BotAddresses(bot_name=bot.username, public_url=PAGES, public=False)
        router = Router(engine, LANGUAGES, secret_key=SECRET, owner_telegram_id=OWNER)
        sender = WatchedSender(bot, engine, RateLimiter(), Reachability(bot))
        worker = UpdateWorker(engine, bot, router, sender, lambda: addresses)
        stack.push_async_callback(worker.stop)
        recorder = UpdateRecorder(engine, CLAIM, worker.record)
        desk = Desk(engine=engine, bot=bot, owner=Person(http, sandbox.url, OWNER), recorder=recorder, sender=sender)
        await desk.line("/start")
        yield desk
