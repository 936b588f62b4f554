"""Handles recorded updates: each once, chats concurrently, one chat in order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic

import structlog
from telegram import Bot, Update

from bot.context import BotAddresses, UpdateInHand
from bot.receiving.answered_updates import AnsweredUpdates
from bot.receiving.files import TelegramFiles
from bot.receiving.group_access import TelegramGroups
from bot.receiving.parsing import parsed
from bot.receiving.router import Router
from bot.sending import typing_indicator
from bot.sending.outcomes import Outcome
from bot.sending.replies import Reply, TapAnswer
from bot.sending.reply_sender import ReplySender, Sending, no_op
from core.domain.inbox import Standing
from core.domain.updates import ReceivedUpdate, read_update
from core.engine import Engine
from core.errors import ClaimLost, DatabaseUnavailable
from core.holders import new_holder
from core.services import inbox
from core.services.inbox import LEASE, Capacity, Claim
from core.services.strangers import OwnerClaim

CONCURRENCY = 200
STRANGERS = 20  # at the same time, so that they leave the others room
MOST_PASSED = 20  # of one line: so many answers wait at most, before the next update waits, too
LOOK_EVERY = 1.0  # seconds: for what other processes have recorded or left
LOOK_AGAIN = 0.1  # seconds, while they record updates: they have done so within
QUIET_AFTER = 60.0  # seconds
MARKED_WITHIN = 0.2  # seconds: an update that is answered, unless another one comes before, and they share a commit
RENEW_EVERY = LEASE.total_seconds() / 3
RECOVER_AFTER = 0.5  # seconds

NO_ANSWER = frozenset({Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.RATE_LIMITED, Outcome.REJECTED})

log = structlog.get_logger()


class UpdateWorker:
    """Claims updates in the database and answers them; any number of processes can do so concurrently."""

    def __init__(
        self, engine: Engine, bot: Bot, router: Router, reply_sender: ReplySender, addresses: Callable[[], BotAddresses]
    ) -> None:
        self._engine = engine
        self._bot = bot
        self._router = router
        self._reply_sender = reply_sender
        self._addresses = addresses
        self._holder = new_holder()
        self._wake = asyncio.Event()
        self._in_hand: dict[asyncio.Task[None], Claim] = {}
        self._unfinished: list[Claim] = []  # because the database became unavailable
        self._answered = AnsweredUpdates()
        self._claiming = asyncio.Lock()
        self._recording: set[asyncio.Task[int]] = set()
        self._may_wait = True  # whether updates of busy chats may be waiting
        self._looks_often_until = 0.0  # by the monotonic clock
        self._passing: dict[int, int] = {}  # numbers of updates whose answers have to wait, and their lines
        self._taking: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to take updates."""
        self._taking = asyncio.create_task(self._repeat(self._take))
        self._renewing = asyncio.create_task(self._repeat(self._renew))
        self._engine.updates_recorded.add(self._wake.set)

    async def record(self, received: Sequence[ReceivedUpdate], owner: OwnerClaim, now: datetime) -> int:
        """Record updates, and begin to handle those that can be, in one transaction; return how many were left out.

        Cancelling the caller doesn't cancel that: what is claimed is handled. Raises DatabaseUnavailable.
        """
        recording = asyncio.create_task(self._record(received, owner, now))
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)
        return await asyncio.shield(recording)

    async def stop(self) -> None:
        """Claim no more updates, and finish the running ones."""
        self._stopping = True
        self._engine.updates_recorded.remove(self._wake.set)
        self._wake.set()
        if begun := [*filter(None, (self._taking, *self._recording))]:
            await asyncio.wait(begun)
        await self._mark_answered()
        while self._in_hand:
            await asyncio.wait(self._in_hand)
        self.cancel_running()

    def cancel_running(self) -> None:
        """Cancel the running updates: they are settled when their leases have expired."""
        for task in (*self._in_hand, *filter(None, (self._renewing,))):
            task.cancel()

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping:
            try:
                await work()
            except DatabaseUnavailable:  # the engine has told the log
                await asyncio.sleep(RECOVER_AFTER)
            except Exception:  # if this loop ended, no chat would get an answer
                log.exception("update worker failed, retrying")
                await asyncio.sleep(RECOVER_AFTER)

    async def _take(self) -> None:
        """Claim waiting updates up to the concurrency limit, and wait for more."""
        is_look = not self._wake.is_set()
        self._wake.clear()
        await self._put_back()
        async with self._claiming:
            claims = await self._claim()
        if claims and is_look:
            self._looks_often_until = monotonic() + QUIET_AFTER
        self._may_wait = bool(claims) or (self._may_wait and bool(self._in_hand))
        if not self._stopping:
            await self._pause()

    async def _claim(self) -> Sequence[Claim]:
        """Begin to handle waiting updates, and mark what was answered before, if there is any of these."""
        capacity, now = self._capacity(), self._engine.now()
        if not capacity.answered and not (capacity.at_most and await self._engine.read(inbox.anything_to_do, now)):
            return ()
        claims = await self._engine.write(inbox.claim, capacity, now)
        self._begin(claims, capacity)
        return claims

    async def _record(self, received: Sequence[ReceivedUpdate], owner: OwnerClaim, now: datetime) -> int:
        async with self._claiming:
            capacity = self._capacity()
            left_out, claims = await self._engine.write(inbox.record_and_claim, received, owner, capacity, now)
            self._begin(claims, capacity)
            self._may_wait |= len(claims) < len(received)
        return left_out

    def _capacity(self) -> Capacity:
        return Capacity(
            holder=self._holder,
            at_most=0 if self._stopping else CONCURRENCY - len(self._in_hand) + len(self._passing),
            strangers_at_most=self._free_for_strangers,
            passing=tuple(self._passing),
            answered=self._answered.claims,
            shown=self._answered.shown,
        )

    def _begin(self, claims: Sequence[Claim], capacity: Capacity) -> None:
        """Handle what was claimed; what was answered before is marked."""
        self._answered.forget(capacity.answered, capacity.shown)
        for claim in claims:
            task = asyncio.create_task(self._handle(claim))
            self._in_hand[task] = claim
            task.add_done_callback(self._finished)

    async def _put_back(self) -> None:
        if unfinished := tuple(self._unfinished):
            await self._engine.write(inbox.put_back, self._holder, unfinished, self._engine.now())
            del self._unfinished[: len(unfinished)]

    @property
    def _free_for_strangers(self) -> int:
        return STRANGERS - sum(claim.standing is not Standing.KNOWN for claim in self._in_hand.values())

    async def _pause(self) -> None:
        """Wait until there may be more updates."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN if monotonic() < self._looks_often_until else LOOK_EVERY):
                await self._wake.wait()

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._passing.pop(self._in_hand.pop(task).update_id, None)
        if self._may_wait or self._unfinished:
            self._wake.set()  # the next update of that chat can be handled now
        elif self._answered:
            asyncio.get_running_loop().call_later(MARKED_WITHIN, self._wake.set)

    def _pass(self, claim: Claim) -> None:
        """Let the next update of the line be handled, although the answer to this one has to wait."""
        line = read_update(claim.body).line
        is_full = sum(each == line for each in self._passing.values()) >= MOST_PASSED
        if claim.standing is Standing.KNOWN and claim.update_id not in self._passing and not is_full:
            self._passing[claim.update_id] = line
            self._wake.set()

    async def _mark_answered(self) -> None:
        """Mark immediately what is answered."""
        if self._answered:
            claims, shown = self._answered.claims, self._answered.shown
            with suppress(DatabaseUnavailable):  # then the next worker settles them
                await self._engine.write(inbox.finish, claims, shown)
            self._answered.forget(claims, shown)

    async def _renew(self) -> None:
        await asyncio.sleep(RENEW_EVERY)
        if self._in_hand:
            held = [claim.update_id for claim in self._in_hand.values()]
            await self._engine.write(inbox.renew, self._holder, held, self._engine.now())

    async def _handle(self, claim: Claim) -> None:
        """Answer one update. One that the database became unavailable for is settled once it is available again."""
        in_hand = UpdateInHand(
            engine=self._engine,
            claim=claim,
            addresses=self._addresses(),
            files=TelegramFiles(self._bot),
            groups=TelegramGroups(self._bot),
        )
        try:
            if (update := parsed(claim, self._bot)) is None:
                await self._give_up(claim)
                return
            await self._settle(claim, await self._replies(update, in_hand), update, in_hand)
        except ClaimLost:
            log.warning("update taken over by another process", update_id=claim.update_id)
        except DatabaseUnavailable as error:
            log.warning("update postponed", update_id=claim.update_id, reason=str(error))
            self._unfinished.append(claim)
        except Exception:  # one faulty update must not block its chat forever
            log.exception("update given up", update_id=claim.update_id)
            await self._give_up(claim)

    async def _give_up(self, claim: Claim) -> None:
        with suppress(ClaimLost, DatabaseUnavailable):  # then the next worker settles it
            await self._engine.write(inbox.give_up, claim, self._engine.now())

    async def _replies(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        chat = update.effective_chat
        try:
            async with typing_indicator.shown(self._bot, chat.id if chat else None):
                return await self._router.answer(update, in_hand)
        except (ClaimLost, DatabaseUnavailable):
            raise
        except Exception:  # whatever failed, the sender gets an answer
            log.exception("update failed", update_id=update.update_id)
            return self._router.apology(update, in_hand)

    async def _settle(self, claim: Claim, replies: Sequence[Reply], update: Update, in_hand: UpdateInHand) -> None:
        """Send the replies, and note that the update is done, or record that the answer is unconfirmed."""
        if replies and await self._answer(claim, replies, update, in_hand) in NO_ANSWER:
            await self._engine.write(inbox.mark_unconfirmed, claim, self._engine.now())
            return
        self._answered.add(claim, in_hand.shown)
        if self._stopping:
            await self._mark_answered()

    async def _begin_answer(self, claim: Claim, claimed_at: float, reply: Reply) -> None:
        """Record that a reply begins, when an outage of the database is over. Raises ClaimLost.

        One that changes nothing if it is repeated needs no record while the update can't have been taken over.
        """
        if reply.repeatable and monotonic() < claimed_at + RENEW_EVERY:
            return None
        while True:
            try:
                return await self._engine.write(inbox.begin_answer, claim)
            except DatabaseUnavailable:
                if self._stopping:
                    raise
                await asyncio.sleep(RECOVER_AFTER)

    async def _answer(self, claim: Claim, replies: Sequence[Reply], update: Update, in_hand: UpdateInHand) -> Outcome:
        """Send the replies, of which the first is the answer; return the outcome of it, or of the apology for it.

        A tap is answered at the same time, so that it doesn't wait for the limits of messages.
        """
        answer, *others = replies
        how = Sending(
            begin=partial(self._begin_answer, claim, in_hand.claimed_at),
            held_up=partial(self._pass, claim),
            standing=claim.standing,
        )
        taps = [other for other in others if isinstance(other, TapAnswer)]
        outcome, *_ = await asyncio.gather(
            self._reply_sender.deliver(answer, how), *map(self._reply_sender.deliver, taps)
        )
        if (
            outcome is Outcome.REJECTED and update.inline_query is None
        ):  # Telegram rejects this answer: send a plain one
            apologise = self._router.written_apology if taps else self._router.apology
            for apology in apologise(update, in_hand):
                outcome = await self._reply_sender.deliver(apology, how)
            return outcome
        for other in others:
            if other not in taps:
                await self._reply_sender.deliver(other, replace(how, begin=no_op))
        return outcome if update.inline_query is None else Outcome.DELIVERED  # an expired inline query needs no answer
