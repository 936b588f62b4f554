"""The bot half of the service: comes up when Telegram can be reached, goes down when all is finished."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from telegram import Update
from telegram.error import TelegramError

from bot.application import build_application
from bot.delivery import Delivery
from bot.desk import Desk
from bot.schedule import Schedule
from core.engine import Engine
from core.errors import DatabaseUnavailable, OwnerExists
from core.language import Languages
from core.services import account, operations

FIRST_DELAY = 0.5  # seconds
LONGEST_DELAY = 30.0
POLL_SECONDS = 20
FINISH_WITHIN = 7.0  # seconds, so that the whole program ends within ten
BEAT = timedelta(seconds=10)
LOCALES = Path(__file__).parent / "locales"

log = structlog.get_logger()


class BotService:
    """Polls Telegram, answers chats, ticks the schedule. An outage at the start only delays it."""

    def __init__(
        self,
        engine: Engine,
        *,
        token: str,
        api_url: str,
        public_url: str,
        secret_key: str,
        owner_telegram_id: int | None,
        announce: Callable[[str], None],
    ) -> None:
        languages = Languages(LOCALES)
        desk = Desk(
            engine,
            languages,
            public_url=public_url,
            secret_key=secret_key,
            owner_telegram_id=owner_telegram_id,
        )
        self._engine = engine
        self._secret_key = secret_key
        self._owner_telegram_id = owner_telegram_id
        self._announce = announce
        self._telegram = build_application(desk, token=token, api_url=api_url, on_poll=self._beat)
        self._schedule = Schedule(engine, Delivery(self._telegram.bot, engine, languages))
        self._beaten_at: datetime | None = None
        self._starting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to come up; returns at once."""
        self._starting = asyncio.create_task(self._come_up(), name="telegram")
        self._starting.add_done_callback(_log_failure)

    async def stop(self) -> None:
        """Take no more updates, finish those in hand and what is being sent, and close.

        What Telegram leaves hanging is given up after a while: an update unfinished, a message "in doubt".
        """
        if self._starting:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        try:
            async with asyncio.timeout(FINISH_WITHIN):
                await self._finish()
        except TimeoutError:
            log.warning("telegram did not answer in time; ending all the same")
        with contextlib.suppress(RuntimeError):  # still at work: what hangs ends with the process
            await self._telegram.shutdown()

    async def _finish(self) -> None:
        if self._telegram.updater and self._telegram.updater.running:
            await self._telegram.updater.stop()
        await self._schedule.stop()
        if self._telegram.running:
            await self._telegram.stop()

    async def _come_up(self) -> None:
        """Start as soon as Telegram answers. Whatever stands in the way is logged and tried again."""
        delay = FIRST_DELAY
        while True:
            try:
                return await self._begin()
            except (TelegramError, DatabaseUnavailable) as error:
                log.warning("telegram can't be reached", reason=str(error), again_in_seconds=delay)
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY)

    async def _begin(self) -> None:
        await self._telegram.initialize()
        await self._telegram.bot.get_updates(
            limit=1
        )  # answers at once, so that readiness need not wait for a long poll
        await self._announce_owner_link()
        await self._telegram.start()
        if self._telegram.updater:
            await self._telegram.updater.start_polling(
                timeout=POLL_SECONDS,
                bootstrap_retries=-1,
                allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
                error_callback=_polling_failed,
            )
        self._schedule.start()
        log.info("bot is up", username=self._telegram.bot.username)

    async def _announce_owner_link(self) -> None:
        """Tell the operator how the first person gets in, while nobody is."""
        with contextlib.suppress(OwnerExists):
            code = await self._engine.write(account.owner_code, self._secret_key, fresh=False)
            bot = f"https://t.me/{self._telegram.bot.username}"
            self._announce(f"{bot} and press Start" if self._owner_telegram_id else f"{bot}?start={code}")

    async def _beat(self) -> None:
        now = self._engine.now()
        if self._beaten_at is None or now - self._beaten_at >= BEAT:
            self._beaten_at = now
            await self._engine.write(operations.record_poll, now)


def _log_failure(starting: asyncio.Task[None]) -> None:
    if not starting.cancelled() and (error := starting.exception()):
        log.error("the bot can't start", exc_info=error)


def _polling_failed(error: TelegramError) -> None:
    log.warning("polling failed", reason=error.message)
