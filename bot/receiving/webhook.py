"""Keeps the webhook set. The web half records the updates that Telegram posts."""

import asyncio

import structlog
from telegram import Bot, WebhookInfo

from bot.receiving.connection import Heartbeat, Retries
from bot.sending.http_client import HttpClient
from core.domain.updates import KINDS
from core.engine import Engine

log = structlog.get_logger()

CHECK_EVERY = 10.0  # seconds


class Webhook:
    """Tells Telegram where to post updates, and checks regularly that this is still set."""

    def __init__(self, engine: Engine, bot: Bot, client: HttpClient, *, url: str, secret: str) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._retries = Retries(engine, "receiving")
        self._heartbeat = Heartbeat(engine, client)
        self._problem = ""

    async def run(self) -> None:
        """Set the webhook, and check it until cancelled."""
        await self._retries.until_done(self._set)
        while True:
            await self._retries.until_done(self._check)
            await asyncio.sleep(CHECK_EVERY)

    async def _set(self) -> None:
        await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=KINDS)

    async def _check(self) -> None:
        found = await self._bot.get_webhook_info()
        if found.url != self._url:  # another program has set or deleted it
            await self._set()
        self._warn(found)
        await self._heartbeat.beat()

    def _warn(self, found: WebhookInfo) -> None:
        """Log why Telegram can't post, once for each reason."""
        problem = (found.last_error_message or "") if found.pending_update_count else ""
        if problem and problem != self._problem:
            log.warning("telegram can't post updates", reason=problem, waiting=found.pending_update_count)
        self._problem = problem
