"""The webhook, which Telegram posts updates to, kept set. The pages record what is posted."""

import asyncio

import structlog
from telegram import Bot, WebhookInfo

from bot.receiving.connection import Heartbeat, retrying
from core.domain.updates import KINDS
from core.engine import Engine

log = structlog.get_logger()

LOOK_EVERY = 10.0  # seconds between two looks at the webhook


class Webhook:
    """Tells Telegram where to post updates, and sees to it that it stays told. The pages keep what comes in."""

    def __init__(self, engine: Engine, bot: Bot, *, url: str, secret: str) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._heartbeat = Heartbeat(engine)
        self._trouble = ""

    async def run(self) -> None:
        """Set the webhook, and look after it."""
        await retrying(self._set)
        while True:
            await retrying(self._look)
            await asyncio.sleep(LOOK_EVERY)

    async def _set(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=KINDS)

    async def _look(self) -> None:
        found = await self._bot.get_webhook_info()
        if found.url != self._url:  # somebody else has set or deleted it
            await self._set()
        self._warn(found)
        await self._heartbeat.beat()

    def _warn(self, found: WebhookInfo) -> None:
        """Say what keeps Telegram from posting, once."""
        trouble = (found.last_error_message or "") if found.pending_update_count else ""
        if trouble and trouble != self._trouble:
            log.warning("telegram can't post updates", reason=trouble, waiting=found.pending_update_count)
        self._trouble = trouble
