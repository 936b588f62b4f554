"""The clock: each tick asks the engine what is due. The schedule itself is in the database."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.sending.outbox_sender import OutboxSender
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import (
    approval_notices,
    digests,
    inbox,
    limits,
    outbox,
    pending_sign_ups,
    questions,
    repetitions,
    searches,
)

TICK = 1  # seconds

log = structlog.get_logger()


class Schedule:
    """Ticks while the service runs. On stop, it finishes the messages being sent and puts back the others."""

    def __init__(self, engine: Engine, outbox_sender: OutboxSender) -> None:
        self._engine = engine
        self._outbox_sender = outbox_sender
        self._running: set[asyncio.Task[None]] = set()
        options = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=options)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(self._job(self._queue_digests), "interval", seconds=TICK, id="digests")
        self._scheduler.add_job(self._job(self._release_expired), "interval", seconds=TICK, id="expiry")
        self._scheduler.add_job(self._job(self._announce), "interval", seconds=TICK, id="approvals")
        self._scheduler.add_job(self._job(self._outbox_sender.send_waiting), "interval", seconds=TICK, id="delivery")
        self._scheduler.add_job(self._job(self._sweep), "interval", hours=1, id="sweep")
        self._scheduler.add_job(self._job(self._sweep_limits), "interval", minutes=1, id="limits")
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop ticking and finish the running jobs."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        self._outbox_sender.stop()
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)
        await self._outbox_sender.release_lease()
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler stops in the event loop's next iteration

    async def _release_expired(self) -> None:
        if await self._engine.read(pending_sign_ups.any_expired, self._engine.now()):
            released = await self._engine.write(pending_sign_ups.release_expired, self._engine.now())
            log.info("sign-ups expired", number=released)

    async def _announce(self) -> None:
        if await self._engine.read(approval_notices.any_unannounced, self._engine.now()):
            await self._engine.write(approval_notices.announce, self._engine.now())

    async def _sweep(self) -> None:
        await self._engine.write(inbox.sweep, self._engine.now())
        await self._engine.write(outbox.sweep, self._engine.now())
        await self._engine.write(repetitions.sweep, self._engine.now())
        await self._engine.write(questions.sweep, self._engine.now())
        await self._engine.write(searches.sweep, self._engine.now())

    async def _sweep_limits(self) -> None:
        if await self._engine.read(limits.any_expired, self._engine.now()):
            await self._engine.write(limits.sweep, self._engine.now())

    async def _queue_digests(self) -> None:
        if await self._engine.read(digests.any_due, self._engine.now()):
            queued = await self._engine.write(digests.queue_due, self._engine.now())
            log.info("digests queued", number=queued)

    def _job(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Run work as a task of our own: the scheduler would cancel its tasks midway."""

        async def job() -> None:
            task = asyncio.ensure_future(work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            with suppress(DatabaseUnavailable):  # the engine has told the log; the next tick tries again
                await asyncio.shield(task)

        return job
