"""Sends replies to people within the limits, and returns their outcomes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from telegram import Bot

from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import Permit, RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.replies import NewMessage, Reply
from bot.sending.turns import Turn, Turns
from bot.sending.waiting_reply import Superseded, WaitingReply
from core.domain.inbox import Standing
from core.engine import Engine
from core.services import chats

FIRST_PAUSE = timedelta(seconds=1)
STUCK_AFTER = 1.5  # seconds without an answer: then the next reply to the chat goes
TEMPORARY = frozenset({Outcome.RATE_LIMITED, Outcome.NOT_SENT})
SETTLED = frozenset({Outcome.DELIVERED, Outcome.SUPERSEDED})

log = structlog.get_logger()


async def no_op(_reply: Reply) -> None:
    """Begin without a record."""


def no_one_waits() -> None:
    """Be held up, and tell no one."""


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How to send the reply to an update.

    `begin` is awaited before each call, when the limits allow it, which is later for strangers; `held_up` is called
    while the reply has to wait, so that the chat's next update can be handled.
    """

    begin: Callable[[Reply], Awaitable[None]] = no_op
    held_up: Callable[[], None] = no_one_waits
    standing: Standing = Standing.KNOWN


USUAL = Sending()


class ReplySender:
    """Sends replies: those to one chat in their order; a chat that has to wait does not delay the others.

    Of the screens of one message that wait, only the newest is sent.
    """

    def __init__(self, bot: Bot, engine: Engine, limiter: RateLimiter, reachability: Reachability) -> None:
        self._bot = bot
        self._engine = engine
        self._limiter = limiter
        self._reachability = reachability
        self._turns = Turns()
        self._newest: dict[tuple[int, int], WaitingReply] = {}
        self._not_before: dict[int, float] = {}  # by chat, and the loop's clock: Telegram said to wait

    async def deliver(self, reply: Reply, how: Sending = USUAL) -> Outcome:
        """Send a reply, with retries if they are safe, or its fallback; return the final outcome."""
        result = await self._newest_only(reply, how)
        if result.outcome is Outcome.CHAT_MIGRATED and reply.chat_id is not None:
            await self._engine.write(chats.moved, reply.chat_id, result.chat_id, self._engine.now())
            if isinstance(reply, NewMessage):
                result = await self._newest_only(replace(reply, chat_id=result.chat_id), how)
        if result.outcome not in SETTLED:
            log.warning("answer not delivered", outcome=result.outcome.name, reason=result.reason)
        if result.outcome is Outcome.REJECTED and reply.fallback is not None:
            return await self.deliver(reply.fallback, how)
        return result.outcome

    async def _newest_only(self, reply: Reply, how: Sending) -> SendResult:
        """Send a reply, unless a newer screen of the same message comes while it has to wait."""
        waiting, message = WaitingReply(how.held_up), reply.changes
        if message is not None:
            if older := self._newest.get(message):
                older.supersede()
            self._newest[message] = waiting
        try:
            return await self._in_turn(reply, how, waiting)
        except Superseded:
            return SendResult(outcome=Outcome.SUPERSEDED)
        finally:
            if message is not None and self._newest.get(message) is waiting:
                del self._newest[message]

    async def _in_turn(self, reply: Reply, how: Sending, waiting: WaitingReply) -> SendResult:
        turn = Turn()
        if reply.chat_id is not None:
            async with waiting.waits(long=self._turns.is_taken(reply.chat_id)):
                turn = await self._turns.take(reply.chat_id)
        try:
            return await self._try(reply, how, waiting, turn)
        finally:
            turn.pass_on()

    async def _try(self, reply: Reply, how: Sending, waiting: WaitingReply, turn: Turn) -> SendResult:
        """Send a reply; retry while Telegram certainly did not accept it, or if the reply is repeatable.

        During an outage it waits before the first try, after which it might be unknown whether it arrived.
        """
        if self._reachability.is_in_doubt:
            async with waiting.waits():
                await self._reachability.wait(reply.patience)
        result = await self._send_once(reply, how, waiting, turn)
        for number in range(1, reply.tries):
            again = result.outcome in TEMPORARY or (result.outcome is Outcome.UNKNOWN and reply.repeatable)
            if not again:
                break
            await self._pause(reply, result, FIRST_PAUSE * 2 ** (number - 1), waiting)
            result = await self._send_once(reply, how, waiting, turn)
        return result

    async def _pause(self, reply: Reply, result: SendResult, usual: timedelta, waiting: WaitingReply) -> None:
        """Wait as long as Telegram says; if it says nothing, for the usual pause, but not after the outage's end."""
        if result.delay and reply.chat_id is not None:
            now = asyncio.get_running_loop().time()
            self._not_before[reply.chat_id] = now + result.delay.total_seconds()  # for a screen in its place, too
            return
        async with waiting.waits():
            if result.delay:
                await asyncio.sleep(result.delay.total_seconds())
            else:
                await self._reachability.pause(usual.total_seconds())

    async def _obey(self, chat_id: int, waiting: WaitingReply) -> None:
        """Wait as long as Telegram said when it last refused a reply to the chat."""
        left = self._not_before.get(chat_id, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            async with waiting.waits():
                await asyncio.sleep(left)
        self._not_before.pop(chat_id, None)

    async def _send_once(self, reply: Reply, how: Sending, waiting: WaitingReply, turn: Turn) -> SendResult:
        if reply.chat_id is not None:
            await self._obey(reply.chat_id, waiting)
        with nullcontext() if reply.chat_id is None else await self._permit(reply.chat_id, how.standing, waiting):
            await how.begin(reply)
            result = await self._call(reply, waiting, turn)
        self._reachability.note(result.outcome)
        return result

    async def _permit(self, chat_id: int, standing: Standing, waiting: WaitingReply) -> Permit:
        async with waiting.waits(long=not self._limiter.has_room(chat_id)):
            if standing is Standing.KNOWN:
                return await self._limiter.reply(chat_id)
            return await self._limiter.reply_to_stranger(chat_id)

    async def _call(self, reply: Reply, waiting: WaitingReply, turn: Turn) -> SendResult:
        """Call Telegram. A call without an answer, as on a dead connection, holds the chat up for a moment only."""

        def let_others_go() -> None:
            turn.pass_on()
            waiting.held_up()

        stuck = asyncio.get_running_loop().call_later(STUCK_AFTER, let_others_go)
        try:
            return await attempt(reply.send(self._bot))
        finally:
            stuck.cancel()
