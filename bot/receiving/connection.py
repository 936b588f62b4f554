"""Retries and the heartbeat, shared by polling and the webhook."""

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
    """Records that Telegram has just answered, for the readiness check."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last_beat: datetime | None = None

    async def beat(self) -> None:
        """Record an answer, at most once every BEAT_EVERY."""
        now = self._engine.now()
        if self._last_beat is None or now - self._last_beat >= BEAT_EVERY:
            await self._engine.write(monitoring.record_poll, now)
            self._last_beat = now


async def retrying(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, retrying while Telegram or the database is unavailable."""
    delay = FIRST_DELAY
    while True:
        try:
            return await work()
        except (TelegramError, DatabaseUnavailable) as error:
            log.warning("can't receive updates, retrying", reason=str(error), again_in_seconds=delay)
        await asyncio.sleep(delay)
        delay = min(2 * delay, LONGEST_DELAY)
