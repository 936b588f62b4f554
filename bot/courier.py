"""The courier: takes replies to people, within the limits, and says what became of them."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Bot

from bot.attempts import Attempt, Outcome, attempt
from bot.pacing import Pacer
from bot.replies import NewMessage, Reply
from core.engine import Engine
from core.services import outbox

ONCE_MORE = timedelta(seconds=1)
MOST_TRIES = 8  # some minutes, with the waiting time doubled
ENDS = frozenset({Outcome.ARRIVED, Outcome.GONE, Outcome.FAULTY})

log = structlog.get_logger()


class Courier:
    """Sends replies; a chat that must wait keeps nobody else waiting."""

    def __init__(self, bot: Bot, engine: Engine, pacer: Pacer) -> None:
        self._bot = bot
        self._engine = engine
        self._pacer = pacer

    async def deliver(self, reply: Reply) -> bool:
        """Send a reply, again where that is sound; False where nobody can tell whether it arrived."""
        for number in range(MOST_TRIES):
            with nullcontext() if reply.chat_id is None else await self._pacer.reply(reply.chat_id):
                made = await attempt(reply.send(self._bot))
            if made.outcome is Outcome.IN_DOUBT and not reply.repeatable:
                log.warning("nobody can tell whether an answer arrived", reason=made.reason)
                return False
            if made.outcome in ENDS or (made.outcome is Outcome.MOVED and not isinstance(reply, NewMessage)):
                break
            if made.outcome is Outcome.MOVED:
                reply = await self._moved(reply, made)
            else:
                await asyncio.sleep((made.delay or ONCE_MORE * 2**number).total_seconds())
        if made.outcome is not Outcome.ARRIVED:
            log.warning("answer not delivered", reason=made.reason)
        return made.outcome in ENDS or made.outcome is Outcome.MOVED  # arrived, or surely not: there is no doubt

    async def _moved(self, reply: Reply, made: Attempt) -> Reply:
        """Send what follows to the supergroup that the group has become."""
        if reply.chat_id is not None:
            await self._engine.write(outbox.chat_moved, reply.chat_id, made.chat_id)
        return replace(reply, chat_id=made.chat_id) if isinstance(reply, NewMessage) else reply
