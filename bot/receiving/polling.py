"""Polling: updates are recorded in the database before the next poll confirms them.

python-telegram-bot's own Updater is not used: it stops for good after one answer that the token is unknown. Here a
batch is recorded in one transaction, and confirmed by the next poll.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from telegram import Bot
from telegram.error import TelegramError, TimedOut

from bot.receiving.connection import Heartbeat, retrying
from bot.sending.outcomes import NEVER_SENT
from core.domain.updates import KINDS, read_update
from core.engine import Engine
from core.services.strangers import OwnerClaim
from core.update_recorder import UpdateRecorder

POLL_SECONDS = 20
CONFIRM_WITHIN = 1.0  # seconds


class Poller:
    """Polls Telegram for updates, and records each batch before confirming it."""

    def __init__(self, engine: Engine, bot: Bot, claim: OwnerClaim, wake: Callable[[], None]) -> None:
        self._bot = bot
        self._wake = wake
        self._heartbeat = Heartbeat(engine)
        self._recorder = UpdateRecorder(engine, claim)
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. The first poll returns immediately, so that readiness doesn't wait for a long poll."""
        try:
            await retrying(self._begin)
            while True:
                await retrying(lambda: self._poll(POLL_SECONDS))
        finally:
            await self._confirm()

    async def _begin(self) -> None:
        await self._bot.delete_webhook()  # else Telegram refuses every poll; pending updates stay
        await self._poll(0)

    async def _confirm(self) -> None:
        """Confirm the recorded updates, so that the next poller doesn't get them again."""
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(CONFIRM_WITHIN):
                await self._bot.get_updates(offset=self._offset, limit=1, timeout=0)

    async def _poll(self, seconds: int) -> None:
        try:
            updates = await self._bot.get_updates(offset=self._offset, timeout=seconds, allowed_updates=KINDS)
        except TimedOut as error:
            if isinstance(error.__cause__, NEVER_SENT):  # there is no connection at all
                raise
            return  # a long poll whose connection died: the next one shows whether Telegram answers
        await self._recorder.record([read_update(update.to_dict()) for update in updates])
        if updates:
            self._offset = updates[-1].update_id + 1
            self._wake()
        await self._heartbeat.beat()
