"""The bot's worker without its clock: an update is received, handled and answered, and nothing else happens."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession
from telegram import Bot

from bot.context import BotAddresses
from bot.receiving.router import Router
from bot.receiving.worker import UpdateWorker
from bot.sandbox import Sandbox
from bot.sending.rate_limiter import RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.reply_sender import ReplySender
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


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A sandbox, and a bot that takes what is said there when a test tells it to."""

    engine: Engine
    bot: Bot
    owner: Person

    async def line(self, text: str) -> SeenMessage:
        """Let the owner type a line and read the answer."""
        return await self._answered(self.owner.says(text))

    async def tap(self, label: str) -> SeenMessage:
        """Let the owner tap a button and read what it leads to."""
        return await self._answered(self.owner.taps(label))

    async def _answered(self, act: Awaitable[SeenMessage]) -> SeenMessage:
        await act
        updates = await self.bot.get_updates(allowed_updates=KINDS)
        await UpdateRecorder(self.engine, CLAIM).record([read_update(update.to_dict()) for update in updates])
        await self.bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)  # confirms them
        router = Router(self.engine, LANGUAGES, secret_key=SECRET, owner_telegram_id=OWNER)
        sender = ReplySender(self.bot, self.engine, RateLimiter(), Reachability(self.bot))
        worker = UpdateWorker(self.engine, self.bot, router, sender, self._addresses)
        worker.start()
        try:
            return await self.owner.reads()
        finally:
            await worker.stop()

    def _addresses(self) -> BotAddresses:
        return BotAddresses(bot_name=self.bot.username, public_url=PAGES, public=False)


@asynccontextmanager
async def open_desk(engine: Engine) -> AsyncIterator[Desk]:
    """Let the owner of the engine's account open the chat with a bot in a sandbox."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running(Sandbox(port=0, owner_id=OWNER)))
        bot = await stack.enter_async_context(bot_of(sandbox))
        http = await stack.enter_async_context(ClientSession())
        desk = Desk(engine=engine, bot=bot, owner=Person(http, sandbox.url, OWNER))
        await desk.line("/start")
        yield desk
