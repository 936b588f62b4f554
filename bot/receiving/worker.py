"""The inbox at work: updates that are kept are handled, each once, chats side by side, one chat in order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from uuid import uuid4

import structlog
from telegram import Bot, Update

from bot.context import BotAddresses, UpdateInHand
from bot.receiving.router import Router
from bot.sending import typing_indicator
from bot.sending.outcomes import Outcome
from bot.sending.replies import Reply
from bot.sending.reply_sender import ReplySender
from core.engine import Engine
from core.errors import ClaimLost, DatabaseUnavailable
from core.services import inbox
from core.services.inbox import LEASE, Claim

AT_ONCE = 200
LOOK_EVERY = 0.1  # seconds; another process may keep updates, too
RENEW_EVERY = LEASE.total_seconds() / 3
RECOVER_AFTER = 1.0  # seconds

NO_ANSWER = frozenset({Outcome.UNKNOWN, Outcome.NOT_SENT, Outcome.RATE_LIMITED, Outcome.REJECTED})

log = structlog.get_logger()


class UpdateWorker:
    """Takes updates from the database and answers them; any number of processes may do so at once."""

    def __init__(
        self, engine: Engine, bot: Bot, router: Router, reply_sender: ReplySender, addresses: Callable[[], BotAddresses]
    ) -> None:
        self._engine = engine
        self._bot = bot
        self._router = router
        self._reply_sender = reply_sender
        self._addresses = addresses
        self._holder = str(uuid4())
        self._wake = asyncio.Event()
        self._in_hand: dict[asyncio.Task[None], Claim] = {}
        self._taking: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to take updates."""
        self._taking = asyncio.create_task(self._for_ever(self._take))
        self._renewing = asyncio.create_task(self._for_ever(self._renew))

    def wake(self) -> None:
        """Look for updates at once."""
        self._wake.set()

    async def stop(self) -> None:
        """Take no more updates, and finish those in hand."""
        self._stopping = True
        self.wake()
        if self._taking:
            await asyncio.wait([self._taking])
        while self._in_hand:
            await asyncio.wait(self._in_hand)
        self.abandon()

    def abandon(self) -> None:
        """Let go of whatever is still in hand: its lease runs out, and it is settled then."""
        for task in (*self._in_hand, *filter(None, (self._renewing,))):
            task.cancel()

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping:
            try:
                await work()
            except DatabaseUnavailable as error:
                log.warning("database unavailable", reason=str(error))
                await asyncio.sleep(RECOVER_AFTER)
            except Exception:  # a loop that ends would leave every chat without an answer
                log.exception("inbox stumbled")
                await asyncio.sleep(RECOVER_AFTER)

    async def _take(self) -> None:
        """Claim what waits, as far as there are hands free, and wait for more."""
        self._wake.clear()
        free = AT_ONCE - len(self._in_hand)
        if free and await self._engine.read(inbox.anything_to_do, self._engine.now()):
            for claim in await self._engine.write(inbox.claim, self._holder, self._engine.now(), at_most=free):
                task = asyncio.create_task(self._handle(claim))
                self._in_hand[task] = claim
                task.add_done_callback(self._finished)
        if not self._stopping:
            await self._pause()

    async def _pause(self) -> None:
        """Wait until there may be more to do."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), LOOK_EVERY)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        del self._in_hand[task]
        self._wake.set()  # the next update of that chat may go on

    async def _renew(self) -> None:
        await asyncio.sleep(RENEW_EVERY)
        if self._in_hand:
            held = [claim.update_id for claim in self._in_hand.values()]
            await self._engine.write(inbox.renew, self._holder, held, self._engine.now())

    async def _handle(self, claim: Claim) -> None:
        """Answer one update. What the database could not take is taken up again once the lease has run out."""
        in_hand = UpdateInHand(engine=self._engine, claim=claim, addresses=self._addresses())
        try:
            update = Update.de_json(dict(claim.body), self._bot)
            await self._settle(claim, await self._replies(update, in_hand), update, in_hand)
        except ClaimLost:
            log.warning("update taken over by another process", update_id=claim.update_id)
        except DatabaseUnavailable as error:
            log.warning("update put off", update_id=claim.update_id, reason=str(error))
        except Exception:  # one update's fault must not keep its chat waiting for ever
            log.exception("update given up", update_id=claim.update_id)
            await self._give_up(claim)

    async def _give_up(self, claim: Claim) -> None:
        with suppress(ClaimLost, DatabaseUnavailable):  # then it is settled by whoever finds it
            await self._engine.write(inbox.give_up, claim, self._engine.now())

    async def _replies(self, update: Update, in_hand: UpdateInHand) -> Sequence[Reply]:
        chat = update.effective_chat
        try:
            async with typing_indicator.shown(self._bot, chat.id if chat else None):
                return await self._router.answer(update, in_hand)
        except (ClaimLost, DatabaseUnavailable):
            raise
        except Exception:  # whatever broke, its sender gets an answer
            log.exception("update failed", update_id=update.update_id)
            return self._router.apology(update, done=in_hand.done)

    async def _settle(self, claim: Claim, replies: Sequence[Reply], update: Update, in_hand: UpdateInHand) -> None:
        """Send the answer and what goes with it, and record that it was done, or that nobody can tell."""
        if replies and await self._answer(claim, replies, update, in_hand) in NO_ANSWER:
            await self._engine.write(inbox.doubt, claim, self._engine.now())
        else:
            await self._engine.write(inbox.finish, claim)

    async def _answer(self, claim: Claim, replies: Sequence[Reply], update: Update, in_hand: UpdateInHand) -> Outcome:
        """Send the replies, of which the first is the answer; give what became of it, or of the apology for it."""
        answer, *others = replies
        begin = partial(self._engine.write, inbox.begin_answer, claim)
        outcome = await self._reply_sender.deliver(answer, begin)
        if (
            outcome is Outcome.REJECTED and update.inline_query is None
        ):  # Telegram takes no such answer: then a plain one
            for apology in self._router.apology(update, done=in_hand.done):
                outcome = await self._reply_sender.deliver(apology, begin)
            return outcome
        for other in others:
            await self._reply_sender.deliver(other)
        return outcome if update.inline_query is None else Outcome.DELIVERED  # what nobody sees any more is no loss
