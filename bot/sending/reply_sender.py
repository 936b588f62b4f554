"""The reply_sender: takes replies to people, within the limits, and says what became of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Bot

from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import RateLimiter
from bot.sending.replies import NewMessage, Reply
from core.engine import Engine
from core.services import outbox

ONCE_MORE = timedelta(seconds=1)
PASSING = frozenset({Outcome.RATE_LIMITED, Outcome.NOT_SENT})

log = structlog.get_logger()


async def nothing() -> None:
    """Begin without a mark."""


class ReplySender:
    """Sends replies; a chat that must wait keeps nobody else waiting."""

    def __init__(self, bot: Bot, engine: Engine, limiter: RateLimiter) -> None:
        self._bot = bot
        self._engine = engine
        self._limiter = limiter

    async def deliver(self, reply: Reply, begin: Callable[[], Awaitable[None]] = nothing) -> Outcome:
        """Send a reply, again where that is sound, or what stands in for it; give what became of it in the end.

        `begin` is awaited before each call, once it may be made.
        """
        made = await self._try(reply, begin)
        if made.outcome is Outcome.CHAT_MIGRATED and reply.chat_id is not None:
            await self._engine.write(outbox.chat_moved, reply.chat_id, made.chat_id)
            if isinstance(reply, NewMessage):
                made = await self._try(replace(reply, chat_id=made.chat_id), begin)
        if made.outcome is not Outcome.DELIVERED:
            log.warning("answer not delivered", outcome=made.outcome.name, reason=made.reason)
        if made.outcome is Outcome.REJECTED and reply.otherwise is not None:
            return await self.deliver(reply.otherwise, begin)
        return made.outcome

    async def _try(self, reply: Reply, begin: Callable[[], Awaitable[None]]) -> SendResult:
        """Send a reply, again while Telegram surely did not take it, or where twice is as good as once."""
        made = await self._once(reply, begin)
        for number in range(1, reply.tries):
            again = made.outcome in PASSING or (made.outcome is Outcome.UNKNOWN and reply.repeatable)
            if not again:
                break
            await asyncio.sleep((made.delay or ONCE_MORE * 2 ** (number - 1)).total_seconds())
            made = await self._once(reply, begin)
        return made

    async def _once(self, reply: Reply, begin: Callable[[], Awaitable[None]]) -> SendResult:
        with nullcontext() if reply.chat_id is None else await self._limiter.reply(reply.chat_id):
            await begin()
            return await attempt(reply.send(self._bot))
