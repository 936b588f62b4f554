"""Polling: updates are recorded in the database before the next poll confirms them.

python-telegram-bot's own Updater is not used: it stops for good after one answer that the token is unknown. Nor is its
`get_updates`, which parses a whole batch before anything can be recorded: one update that it can't parse would come
back with each poll, for ever. Here a batch is recorded as it came, in one transaction, and confirmed by the next poll;
the worker parses each update on its own.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import TelegramError, TimedOut

from bot.receiving.connection import Heartbeat, Retries
from bot.sending.http_client import NO_ANSWER, HttpClient, NeverSent
from bot.sending.outcomes import Outcome
from bot.sending.reachability import Reachability
from core.domain.updates import KINDS, ReceivedUpdate, read_update
from core.engine import Engine
from core.errors import NotAnUpdate
from core.services.strangers import OwnerClaim
from core.update_recorder import Store, UpdateRecorder

# A poll whose connection has died, or that a server has taken and forgotten, looks like one without updates until its
# time is over. So polls are short, and given up little later: a hang is noticed within 3.5 seconds. Then `getMe` asks
# each second whether Telegram answers again: another poll might hang in its turn, and two at once aren't allowed. TCP's
# keepalive would notice only the first of the two cases.
POLL_SECONDS = 2
LATE_BY = 1.5  # seconds
ASKED_FOR = 5.0  # seconds, before it counts as a failed try
CONFIRM_WITHIN = 1.0  # seconds
NOT_UPDATES = "the answer isn't a list of updates"

log = structlog.get_logger()


class Poller:
    """Polls Telegram for updates, and records each batch by `store` before confirming it."""

    def __init__(
        self,
        engine: Engine,
        bot: Bot,
        client: HttpClient,
        claim: OwnerClaim,
        *,
        store: Store,
        reachability: Reachability,
    ) -> None:
        self._bot = bot
        self._client = client
        self._reachability = reachability
        self._retries = Retries(engine, "receiving")
        self._heartbeat = Heartbeat(engine, client)
        self._recorder = UpdateRecorder(engine, claim, store)
        self._offset: int | None = None
        self._is_answered = False
        self._timed_out = False

    async def run(self) -> None:
        """Poll until cancelled. The first poll returns immediately, so that readiness doesn't wait for a long poll."""
        try:
            await self._retries.until_done(self._begin)
            while True:
                await self._retries.until_done(self._poll)
        finally:
            await self._confirm()

    async def _begin(self) -> None:
        await self._bot.delete_webhook()  # else Telegram refuses every poll; pending updates stay
        await self._poll()

    async def _confirm(self) -> None:
        """Confirm the recorded updates, so that the next poller doesn't get them again."""
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(CONFIRM_WITHIN):
                await self._get_updates(seconds=0, limit=1)

    async def _poll(self) -> None:
        """Poll once: long, or immediately answered if it isn't known that Telegram answers at all."""
        if self._timed_out and not await self._reachability.wait(ASKED_FOR):
            raise TimedOut(NO_ANSWER)
        answered, self._is_answered, self._timed_out = self._is_answered, False, False
        try:
            bodies = await self._get_updates(seconds=POLL_SECONDS if answered else 0, limit=100)
        except TimedOut as error:
            self._timed_out = True
            self._reachability.note(Outcome.UNKNOWN)
            if not answered or isinstance(error.__cause__, NeverSent):
                raise
            return  # a long poll whose connection died: the next one shows whether Telegram answers
        self._reachability.ask()
        await self._recorder.record(_read(bodies))
        self._is_answered = True
        if numbers := [body["update_id"] for body in bodies if _has_number(body)]:
            self._offset = max(numbers) + 1
        await self._heartbeat.beat()

    async def _get_updates(self, *, seconds: int, limit: int) -> list[Any]:
        """Return updates as they came (Bot API, `getUpdates`). Raises TelegramError."""
        asked = {"timeout": seconds, "limit": limit, "allowed_updates": json.dumps(KINDS)}
        offset = {} if self._offset is None else {"offset": self._offset}
        answer = await self._client.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(asked | offset)}",
            read_timeout=seconds + LATE_BY if seconds else self._client.read_timeout,
            write_timeout=0.0,  # else it would be added
        )
        if not isinstance(answer, list):
            raise TelegramError(NOT_UPDATES)
        return answer


def _read(bodies: list[Any]) -> list[ReceivedUpdate]:
    """Return what can be recorded; what has no number, or isn't JSON that a database can hold, is left out and told."""
    received = []
    for body in bodies:
        try:
            received.append(read_update(body))
        except NotAnUpdate:
            number = body["update_id"] if _has_number(body) else None
            log.warning("left out what isn't an update", update_id=number)
    return received


def _has_number(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("update_id"), int)
