"""What polling and the webhook share: retries, and the record that Telegram answered."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from telegram.error import TelegramError

from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import monitoring

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0  # seconds
BEAT_EVERY = timedelta(seconds=10)

log = structlog.get_logger()


class Heartbeat:
    """Records that Telegram has just answered, for whoever asks whether the service is ready."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last_beat: datetime | None = None

    async def beat(self) -> None:
        """Record it, not more often than is of use."""
        now = self._engine.now()
        if self._last_beat is None or now - self._last_beat >= BEAT_EVERY:
            await self._engine.write(monitoring.record_poll, now)
            self._last_beat = now


async def retrying(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, again and again while Telegram or the database can't be reached."""
    delay = FIRST_DELAY
    while True:
        try:
            return await work()
        except (TelegramError, DatabaseUnavailable) as error:
            log.warning("no updates come in", reason=str(error), again_in_seconds=delay)
        await asyncio.sleep(delay)
        delay = min(2 * delay, LONGEST_DELAY)
