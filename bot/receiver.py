"""How updates come in: polled, or posted by Telegram to the pages' webhook, which is kept set.

python-telegram-bot's own Updater is not used: it ends for good after one answer that the token is unknown. Here a batch
is kept in one transaction, and confirmed by the next poll.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from telegram import Bot, WebhookInfo
from telegram.error import TelegramError, TimedOut

from bot.sending.outcomes import NEVER_LEFT
from core.domain.updates import KINDS, read_update
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import inbox, monitoring

POLL_SECONDS = 20
CONFIRM_WITHIN = 1.0  # seconds
LOOK_EVERY = 10.0  # seconds between two looks at the webhook
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds
BEAT = timedelta(seconds=10)

log = structlog.get_logger()


class Pulse:
    """Records that Telegram has just answered, for whoever asks whether the service is ready."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._beaten_at: datetime | None = None

    async def beat(self) -> None:
        """Record it, not more often than is of use."""
        now = self._engine.now()
        if self._beaten_at is None or now - self._beaten_at >= BEAT:
            await self._engine.write(monitoring.record_poll, now)
            self._beaten_at = now


class Poller:
    """Asks Telegram for updates, and keeps each batch before it confirms it."""

    def __init__(self, engine: Engine, bot: Bot, wake: Callable[[], None]) -> None:
        self._engine = engine
        self._bot = bot
        self._wake = wake
        self._pulse = Pulse(engine)
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll on. The first poll answers at once, so that readiness need not wait for a long one."""
        try:
            await _persistently(self._begin)
            while True:
                await _persistently(lambda: self._poll(POLL_SECONDS))
        finally:
            await self._confirm()

    async def _begin(self) -> None:
        await self._bot.delete_webhook()  # else Telegram refuses every poll; what waits stays
        await self._poll(0)

    async def _confirm(self) -> None:
        """Tell Telegram what is kept, so that whoever polls next is not told of it again."""
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(CONFIRM_WITHIN):
                await self._bot.get_updates(offset=self._offset, limit=1, timeout=0)

    async def _poll(self, seconds: int) -> None:
        try:
            updates = await self._bot.get_updates(offset=self._offset, timeout=seconds, allowed_updates=KINDS)
        except TimedOut as error:
            if isinstance(error.__cause__, NEVER_LEFT):  # there is no line at all
                raise
            return  # a long poll whose line went dead: the next one tells
        if updates:
            received = [read_update(update.to_dict()) for update in updates]
            await self._engine.write(inbox.record, received, self._engine.now())
            self._offset = updates[-1].update_id + 1
            self._wake()
        await self._pulse.beat()


class Webhook:
    """Tells Telegram where to post updates, and sees to it that it stays told. The pages keep what comes in."""

    def __init__(self, engine: Engine, bot: Bot, *, url: str, secret: str) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._pulse = Pulse(engine)
        self._trouble = ""

    async def run(self) -> None:
        """Set the webhook, and look after it."""
        await _persistently(self._set)
        while True:
            await _persistently(self._look)
            await asyncio.sleep(LOOK_EVERY)

    async def _set(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=KINDS)

    async def _look(self) -> None:
        found = await self._bot.get_webhook_info()
        if found.url != self._url:  # somebody else has set or deleted it
            await self._set()
        self._warn(found)
        await self._pulse.beat()

    def _warn(self, found: WebhookInfo) -> None:
        """Say what keeps Telegram from posting, once."""
        trouble = (found.last_error_message or "") if found.pending_update_count else ""
        if trouble and trouble != self._trouble:
            log.warning("telegram can't post updates", reason=trouble, waiting=found.pending_update_count)
        self._trouble = trouble


async def _persistently(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, again and again while Telegram or the database can't be reached."""
    delay = FIRST_DELAY
    while True:
        try:
            return await work()
        except (TelegramError, DatabaseUnavailable) as error:
            log.warning("no updates come in", reason=str(error), again_in_seconds=delay)
        await asyncio.sleep(delay)
        delay = min(2 * delay, LONGEST_DELAY)
