"""Retries and the heartbeat, shared by the start, polling and the webhook."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.sending.http_client import HttpClient
from bot.sending.outages import OutageLog
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import monitoring
from core.services.monitoring import FALSE_CLOCK, Trouble

FIRST_DELAY, LONGEST_DELAY = 0.25, 1.0  # seconds; people wait for the end of an outage, and a try costs little
BEAT_EVERY = 10.0  # seconds

CAUSES: dict[type[TelegramError], tuple[str, Trouble | None]] = {
    InvalidToken: ("Telegram refuses the token: is BOT_TOKEN right, and not revoked?", Trouble.TOKEN_REFUSED),
    Conflict: ("another program polls with this BOT_TOKEN", Trouble.OTHER_POLLER),
    RetryAfter: ("Telegram asks to wait", None),
    TelegramError: ("telegram unreachable, retrying", None),
}

log = structlog.get_logger()


class Heartbeat:
    """Records that Telegram has just answered, for the readiness check, and that the clocks differ, if they do."""

    def __init__(self, engine: Engine, client: HttpClient) -> None:
        self._engine = engine
        self._client = client
        self._last_beat: float | None = None
        self._differed = False
        self._is_told = False

    async def beat(self) -> None:
        """Record an answer, at most once every BEAT_EVERY seconds, whatever the wall clock does meanwhile."""
        if self._last_beat is not None and monotonic() - self._last_beat < BEAT_EVERY:
            return
        now, trouble = self._engine.now(), Trouble.CLOCK_DIFFERS if self._is_clock_false() else None
        await self._engine.write(monitoring.record_poll, now, trouble)
        self._last_beat = monotonic()

    def _is_clock_false(self) -> bool:
        """Tell whether the clocks differ, by two answers in a row: one may have been delayed on its way."""
        difference = self._client.clock_difference
        differs = difference is not None and abs(difference) > FALSE_CLOCK
        is_false, self._differed = differs and self._differed, differs
        if is_false and not self._is_told and difference is not None:
            seconds = round(difference.total_seconds())
            log.warning("this machine's clock differs from Telegram's; set it right", ahead_by_seconds=seconds)
        self._is_told = is_false
        return is_false


class Retries:
    """Does work that needs Telegram and the database until it succeeds. An outage of Telegram is told in one line."""

    def __init__(self, engine: Engine, part: str) -> None:
        self._engine = engine
        self._outage = OutageLog(part)

    async def until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work until it succeeds; wait as long as Telegram asks, else a second at most."""
        delay = FIRST_DELAY
        while True:
            try:
                await work()
            except TelegramError as error:
                await self._note(error)
                await asyncio.sleep(_wait_of(error, delay))
            except DatabaseUnavailable:  # the engine has told the log
                await asyncio.sleep(delay)
            else:
                self._outage.over()
                return
            delay = min(2 * delay, LONGEST_DELAY)

    async def _note(self, error: TelegramError) -> None:
        """Say what is the matter, and record it for the readiness check if it has a name."""
        cause, trouble = next(CAUSES[kind] for kind in type(error).__mro__ if kind in CAUSES)
        self._outage.failed(cause, reason=str(error))
        if trouble is not None:
            with suppress(DatabaseUnavailable):
                await self._engine.write(monitoring.record_trouble, trouble, self._engine.now())


def _wait_of(error: TelegramError, delay: float) -> float:
    """Return how many seconds to wait after an error (Bot API, `ResponseParameters.retry_after`)."""
    if not isinstance(error, RetryAfter):
        return delay
    after = error.retry_after  # a timedelta by our opt-in in bot/__init__.py; typed for both
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
