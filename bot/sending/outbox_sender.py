"""Sends the messages of the outbox within Telegram's limits, and records the outcomes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import ParamSpec, TypeVar

import structlog
from telegram import Bot

from bot.screens.notices import NoticeRenderer
from bot.screens.screen import Screen
from bot.sending.outcomes import Outcome, SendResult, attempt
from bot.sending.rate_limiter import Permit, RateLimiter
from bot.sending.reachability import Reachability
from bot.sending.replies import CommandsMenu
from bot.sending.telegram import edit, send
from core import errors
from core.domain.outbox import FILES, Kind
from core.engine import Engine, UseCase
from core.errors import DatabaseUnavailable
from core.holders import new_holder
from core.services import chats, digests, growing_notices, leases, outbox
from core.services.delivery_pause import Verdict
from core.services.leases import LeaderRole
from core.services.outbox import Message

CONCURRENCY = 50
RENDERING = 2  # concurrently: more would delay replies to people
FILES_AT_ONCE = 2  # besides: one is composed, which takes long and much memory, while another one is sent
COMPOSING = 1
CLAIM_EVERY = 2.0  # seconds; the lease of the leader lasts longer
RECOVER_AFTER = 0.5  # seconds
RETRY_AFTER = timedelta(seconds=1)  # there was no connection: nothing is sent until Telegram answers
REFUSALS: dict[Outcome, Callable[..., None]] = {Outcome.UNREACHABLE: outbox.fail, Outcome.REJECTED: outbox.refuse}
CANT_GROW = frozenset({Outcome.REJECTED, Outcome.CHAT_UNKNOWN})  # it was deleted, or is too old
WITH_DELAY = frozenset({Outcome.RATE_LIMITED, Outcome.CHAT_MIGRATED})  # the result says when to retry

GONE = (  # the right is lost, or the subject is gone
    errors.CardGone,
    errors.DigestGone,
    errors.InvalidInvitation,
    errors.NotAllowed,
    errors.NotSubscribed,
    errors.ProfileNotFound,
    errors.ProfileReadOnly,
    errors.QuestionClosed,
    errors.SignUpNotPending,
    errors.UserNotFound,
)

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()


class OutboxSender:
    """Sends waiting messages, chats concurrently, one chat in order; one process at a time, to keep the limits."""

    def __init__(
        self,
        bot: Bot,
        engine: Engine,
        renderer: NoticeRenderer,
        limiter: RateLimiter,
        reachability: Reachability,
    ) -> None:
        self._bot = bot
        self._reachability = reachability
        self._engine = engine
        self._renderer = renderer
        self._limiter = limiter
        self._holder = new_holder()
        self._in_hand: dict[asyncio.Task[None], Message] = {}
        self._claimed_at = 0.0
        self._rendering = asyncio.Semaphore(RENDERING)
        self._composing = asyncio.Semaphore(COMPOSING)
        self._stopping = asyncio.Event()

    async def send_waiting(self) -> None:
        """Send what can be sent now; return when nothing is left, or Telegram can't be reached."""
        await self._reachability.wait(CLAIM_EVERY)
        while not self._stopping.is_set() and await self._claim():
            await asyncio.wait(self._in_hand, timeout=CLAIM_EVERY, return_when=asyncio.FIRST_COMPLETED)
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    def stop(self) -> None:
        """Stop after the messages being sent: the others are put back for another process or the next start."""
        self._stopping.set()

    async def release_lease(self) -> None:
        """Let another process take over immediately; call it after `send_waiting` has returned."""
        with suppress(DatabaseUnavailable):  # then it expires
            await self._engine.write(leases.release, LeaderRole.DELIVERY, self._holder)

    async def _claim(self) -> bool:
        """Renew the leases and claim messages, if it is worth it; return False if none is left."""
        in_doubt, held = self._reachability.is_in_doubt, tuple(self._in_hand.values())
        files = sum(message.kind in FILES for message in held)
        if not held and (in_doubt or not await self._engine.read(outbox.anything_to_do, self._engine.now())):
            return False
        free = CONCURRENCY - len(held) + files
        if await self._leads() and self._is_worth_a_claim(free):
            self._claimed_at = monotonic()
            claimed = await self._engine.write(
                outbox.claim,
                self._holder,
                self._engine.now(),
                at_most=0 if in_doubt else free,
                files_at_most=0 if in_doubt else FILES_AT_ONCE - files,
                in_hand=[message.message_id for message in held],
            )
            self._renderer.expect(claimed)
            for message in claimed:
                task = asyncio.create_task(self._send(message))
                self._in_hand[task] = message
                task.add_done_callback(self._in_hand.pop)
        return bool(self._in_hand)

    def _is_worth_a_claim(self, free: int) -> bool:
        """Return whether to claim now: a claim reads the whole queue, so don't claim one at a time."""
        return free >= CONCURRENCY // 2 or monotonic() - self._claimed_at >= CLAIM_EVERY

    async def _leads(self) -> bool:
        return await self._engine.write(leases.take, LeaderRole.DELIVERY, self._holder, self._engine.now())

    async def _send(self, message: Message) -> None:
        """Send a message. If the database is unavailable before, it is sent when the claim has expired."""
        try:
            await self._deliver(message)
        except DatabaseUnavailable as error:
            log.warning("message postponed", kind=message.kind, reason=str(error))
        except Exception:  # one faulty message must not stop the others
            log.exception("message failed", kind=message.kind)
            with suppress(DatabaseUnavailable):  # then it is retried when the claim has expired
                await self._record(outbox.refuse, message)
        finally:
            self._renderer.discard(message)

    async def _deliver(self, message: Message) -> None:
        screen = await self._rendered(message)
        if screen is None:
            await self._record(outbox.drop, message)
        elif permit := await self._permit(message.chat_id):
            await self._post(message, screen, permit)
        else:
            await self._write(outbox.put_back, message.message_id, self._holder)

    async def _write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Record what became of a message; while the database is unavailable, try again, as nobody else knows it."""
        while True:
            try:
                return await self._engine.write(use_case, *args, **kwargs)
            except DatabaseUnavailable:
                if self._stopping.is_set():
                    raise
            await asyncio.sleep(RECOVER_AFTER)

    async def _permit(self, chat_id: int) -> Permit | None:
        """Wait until a message can be sent; None if the service stops first."""
        permit, stopping = (
            asyncio.ensure_future(self._limiter.notice(chat_id)),
            asyncio.ensure_future(self._stopping.wait()),
        )
        await asyncio.wait((permit, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if permit.done():
            return permit.result()
        permit.cancel()
        return None

    async def _post(self, message: Message, screen: Screen, permit: Permit) -> None:
        """Send a message, unless the claim was lost or Telegram can't be reached, and record the outcome."""
        with permit:
            if self._reachability.is_in_doubt:
                await self._write(outbox.put_back, message.message_id, self._holder)
                return
            begun = await self._engine.write(growing_notices.start, message, self._holder, self._engine.now())
            if begun is None:
                return
            result = await self._show(message, screen, begun.changes)
        self._reachability.note(result.outcome)
        await self._record_outcome(message, result)

    async def _show(self, message: Message, screen: Screen, changes: int | None) -> SendResult:
        """Send a message, or let the one grow that told the same before; if that can't be changed, send another."""
        if changes is not None:
            result = await attempt(edit(self._bot, screen, chat_id=message.chat_id, message_id=changes))
            if result.outcome not in CANT_GROW:
                return replace(result, message_id=changes)
        result = await attempt(send(self._bot, message.chat_id, screen, thread_id=message.thread_id))
        return result if message.kind in growing_notices.GROWING else replace(result, message_id=None)

    async def _rendered(self, message: Message) -> Screen | None:
        """Render a message; None if it no longer applies."""
        try:
            async with self._composing if message.kind in FILES else self._rendering:
                return await self._renderer.render(message)
        except GONE:
            if message.kind is Kind.DIGEST:
                await self._engine.write(digests.give_up, message.user_id, message.subject_id, self._engine.now())
            return None

    async def _record_outcome(self, message: Message, result: SendResult) -> None:
        """Record the outcome of a message."""
        if result.outcome is not Outcome.DELIVERED:
            log.warning("message not delivered", kind=message.kind, outcome=result.outcome.name, reason=result.reason)
        if result.outcome is Outcome.DELIVERED:
            await self._record_arrival(message, result.message_id)
            return
        if result.outcome is Outcome.CHAT_UNKNOWN:
            await self._record_unknown_chat(message)
            return
        if record := REFUSALS.get(result.outcome):
            await self._record(partial(record, reason=result.reason), message)
            return
        if result.outcome is Outcome.UNKNOWN:
            await self._record(outbox.mark_unconfirmed, message)
            return
        if result.outcome is Outcome.CHAT_MIGRATED:
            await self._write(chats.moved, message.chat_id, result.chat_id, self._engine.now())
        await self._postpone(message, result.delay if result.outcome in WITH_DELAY else RETRY_AFTER)

    async def _record_arrival(self, message: Message, grows_in: int | None) -> None:
        now = self._engine.now()
        if await self._write(outbox.finish, message.message_id, self._holder, now, grows_in=grows_in):
            log.warning("delivery goes on", kind=message.kind)
        if message.kind is Kind.RIGHTS_CHANGED:
            await self._set_menu(message)

    async def _set_menu(self, message: Message) -> None:
        """Let Telegram's menu follow a person's rights. If that fails, their next `/start` does it."""
        menu = CommandsMenu(chat=message.chat_id, commands=await self._renderer.menu(message))
        if (result := await attempt(menu.send(self._bot))).outcome is not Outcome.DELIVERED:
            log.warning("menu not set", reason=result.reason)

    async def _record_unknown_chat(self, message: Message) -> None:
        now = self._engine.now()
        verdict = await self._write(outbox.chat_unknown, message.message_id, self._holder, now)
        if verdict is Verdict.PAUSES:
            log.error("delivery paused: several chats in a row don't know this bot; is it the right BOT_TOKEN?")

    async def _record(self, use_case: Callable[..., None], message: Message) -> None:
        await self._write(use_case, message.message_id, self._holder, self._engine.now())

    async def _postpone(self, message: Message, delay: timedelta) -> None:
        not_before = self._engine.now() + delay
        await self._write(outbox.postpone, message.message_id, self._holder, not_before)
