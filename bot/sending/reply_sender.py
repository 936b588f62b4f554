"""Sends replies to people within the limits, and returns their outcomes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Bot

from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import Permit, RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.replies import NewMessage, Reply
from core.domain.inbox import Standing
from core.engine import Engine
from core.services import outbox

FIRST_PAUSE = timedelta(seconds=1)
TEMPORARY = frozenset({Outcome.RATE_LIMITED, Outcome.NOT_SENT})

log = structlog.get_logger()


async def no_op() -> None:
    """Begin without a record."""


class ReplySender:
    """Sends replies; a chat that has to wait does not delay the others."""

    def __init__(self, bot: Bot, engine: Engine, limiter: RateLimiter, reachability: Reachability) -> None:
        self._bot = bot
        self._engine = engine
        self._limiter = limiter
        self._reachability = reachability

    async def deliver(
        self, reply: Reply, begin: Callable[[], Awaitable[None]] = no_op, *, standing: Standing = Standing.KNOWN
    ) -> Outcome:
        """Send a reply, with retries if they are safe, or its fallback; return the final outcome.

        `begin` is awaited before each call, when the limits allow it, which is later for strangers.
        """
        result = await self._try(reply, begin, standing)
        if result.outcome is Outcome.CHAT_MIGRATED and reply.chat_id is not None:
            await self._engine.write(outbox.chat_moved, reply.chat_id, result.chat_id)
            if isinstance(reply, NewMessage):
                result = await self._try(replace(reply, chat_id=result.chat_id), begin, standing)
        if result.outcome is not Outcome.DELIVERED:
            log.warning("answer not delivered", outcome=result.outcome.name, reason=result.reason)
        if result.outcome is Outcome.REJECTED and reply.fallback is not None:
            return await self.deliver(reply.fallback, begin, standing=standing)
        return result.outcome

    async def _try(self, reply: Reply, begin: Callable[[], Awaitable[None]], standing: Standing) -> SendResult:
        """Send a reply; retry while Telegram certainly did not accept it, or if the reply is repeatable.

        During an outage it waits before the first try, after which it might be unknown whether it arrived.
        """
        await self._reachability.wait(reply.patience)
        result = await self._send_once(reply, begin, standing)
        for number in range(1, reply.tries):
            again = result.outcome in TEMPORARY or (result.outcome is Outcome.UNKNOWN and reply.repeatable)
            if not again:
                break
            await self._pause(result, FIRST_PAUSE * 2 ** (number - 1))
            result = await self._send_once(reply, begin, standing)
        return result

    async def _pause(self, result: SendResult, usual: timedelta) -> None:
        """Wait as long as Telegram says; if it says nothing, for the usual pause, but not after the outage's end."""
        if result.delay:
            await asyncio.sleep(result.delay.total_seconds())
        else:
            await self._reachability.pause(usual.total_seconds())

    async def _send_once(self, reply: Reply, begin: Callable[[], Awaitable[None]], standing: Standing) -> SendResult:
        with nullcontext() if reply.chat_id is None else await self._permit(reply.chat_id, standing):
            await begin()
            result = await attempt(reply.send(self._bot))
        self._reachability.note(result.outcome)
        return result

    async def _permit(self, chat_id: int, standing: Standing) -> Permit:
        if standing is Standing.KNOWN:
            return await self._limiter.reply(chat_id)
        return await self._limiter.reply_to_stranger(chat_id)
