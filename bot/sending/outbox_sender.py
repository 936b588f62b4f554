"""OutboxSender: sends what the outbox holds, within Telegram's limits, and records what became of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import structlog
from telegram import Bot

from bot.screens.notices import Composer
from bot.screens.screen import Screen
from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import Permit, RateLimiter
from bot.sending.telegram import send
from core.engine import Engine
from core.errors import DatabaseUnavailable, NotAllowed, NotSubscribed, ProfileNotFound, SignUpNotPending, UserNotFound
from core.services import digests, leases, outbox
from core.services.leases import LeaderRole
from core.services.outbox import Kind, Message

AT_ONCE = 50
COMPOSING = 2  # at once: a crowd composed together would keep people waiting for their replies
PATIENCE = 2.0  # seconds; the duty's lease lasts longer
SOON = timedelta(seconds=30)
RECORDS: dict[Outcome, Callable[..., None]] = {
    Outcome.DELIVERED: outbox.finish,
    Outcome.UNREACHABLE: outbox.fail,
    Outcome.REJECTED: outbox.refuse,
    Outcome.UNKNOWN: outbox.doubt,
}

AT_ITS_WORD = frozenset({Outcome.RATE_LIMITED, Outcome.CHAT_MIGRATED})  # these say themselves when to try again

log = structlog.get_logger()


class OutboxSender:
    """Sends waiting messages, chats side by side, one chat in order; one process at a time, to keep the pace."""

    def __init__(self, bot: Bot, engine: Engine, composer: Composer, limiter: RateLimiter) -> None:
        self._bot = bot
        self._engine = engine
        self._composer = composer
        self._limiter = limiter
        self._holder = str(uuid4())
        self._in_hand: set[asyncio.Task[None]] = set()
        self._claimed_at = 0.0
        self._composing = asyncio.Semaphore(COMPOSING)
        self._stopping = asyncio.Event()

    async def send_waiting(self) -> None:
        """Send what may be sent now; returns when there is nothing more."""
        while not self._stopping.is_set() and await self._claim():
            await asyncio.wait(self._in_hand, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    def stop(self) -> None:
        """Send nothing more after the messages in hand: the rest is put back for others, or for the next start."""
        self._stopping.set()

    async def leave(self) -> None:
        """Let another process go on at once; after `send_waiting` has returned."""
        with suppress(DatabaseUnavailable):  # then it runs out
            await self._engine.write(leases.give_up, LeaderRole.DELIVERY, self._holder)

    async def _claim(self) -> bool:
        """Stay on duty, and take messages into hand where it is worth it; False where none is left."""
        if not self._in_hand and not await self._engine.read(outbox.anything_to_do, self._engine.now()):
            return False
        if await self._leads() and (room := self._room()):
            self._claimed_at = monotonic()
            for message in await self._engine.write(outbox.claim, self._holder, self._engine.now(), at_most=room):
                task = asyncio.create_task(self._send(message))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)
        return bool(self._in_hand)

    def _room(self) -> int:
        """Say how many messages to claim: a claim looks at all that waits, so not for one at a time without a pause."""
        room = AT_ONCE - len(self._in_hand)
        return room if room >= AT_ONCE // 2 or monotonic() - self._claimed_at >= PATIENCE else 0

    async def _leads(self) -> bool:
        return await self._engine.write(leases.take, LeaderRole.DELIVERY, self._holder, self._engine.now())

    async def _send(self, message: Message) -> None:
        """Send a message. What the database could not take is sent once the claim has run out."""
        try:
            await self._deliver(message)
        except DatabaseUnavailable as error:
            log.warning("message put off", kind=message.kind, reason=str(error))
        except Exception:  # one message's fault must not end the sending of the others
            log.exception("message refused", kind=message.kind)
            with suppress(DatabaseUnavailable):  # then it is tried again once the claim has run out
                await self._record(outbox.refuse, message)

    async def _deliver(self, message: Message) -> None:
        screen = await self._composed(message)
        if screen is None:
            await self._record(outbox.drop, message)
        elif permit := await self._permit(message.chat_id):
            await self._post(message, screen, permit)
        else:
            await self._record(outbox.put_back, message)

    async def _permit(self, chat_id: int) -> Permit | None:
        """Wait until a message may be sent; None where the service ends first."""
        letting, ending = (
            asyncio.ensure_future(self._limiter.notice(chat_id)),
            asyncio.ensure_future(self._stopping.wait()),
        )
        await asyncio.wait((letting, ending), return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if letting.done():
            return letting.result()
        letting.cancel()
        return None

    async def _post(self, message: Message, screen: Screen, permit: Permit) -> None:
        """Send a message, unless the claim was lost, and record what became of it."""
        with permit:
            if not await self._engine.write(outbox.start, message.message_id, self._holder, self._engine.now()):
                return
            made = await attempt(send(self._bot, message.chat_id, screen, thread_id=message.thread_id))
        await self._conclude(message, made)

    async def _composed(self, message: Message) -> Screen | None:
        """Compose a message; None: there is nothing to say any more."""
        try:
            async with self._composing:
                return await self._composer.compose(message)
        except (NotAllowed, ProfileNotFound, SignUpNotPending, UserNotFound):  # lost the right, or it is over
            if message.kind is Kind.DIGEST:
                with suppress(NotSubscribed):
                    await self._engine.write(digests.stop, message.user_id)
            return None

    async def _conclude(self, message: Message, made: SendResult) -> None:
        """Record what became of a message by Telegram's answer, or its lack."""
        if made.outcome is not Outcome.DELIVERED:
            log.warning("message not delivered", kind=message.kind, outcome=made.outcome.name, reason=made.reason)
        if record := RECORDS.get(made.outcome):
            await self._record(record, message)
            return
        if made.outcome is Outcome.CHAT_MIGRATED:
            await self._engine.write(outbox.chat_moved, message.chat_id, made.chat_id)
        await self._postpone(message, made.delay if made.outcome in AT_ITS_WORD else SOON)

    async def _record(self, use_case: Callable[..., None], message: Message) -> None:
        await self._engine.write(use_case, message.message_id, self._holder, self._engine.now())

    async def _postpone(self, message: Message, delay: timedelta) -> None:
        not_before = self._engine.now() + delay
        await self._engine.write(outbox.postpone, message.message_id, self._holder, not_before)
