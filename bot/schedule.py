"""The clock: each tick asks the engine what is due. The schedule itself is in the database.

APScheduler reckons with the wall clock: after a step back it would wait until the old time has come again, and after a
step forward it would count all that it missed. So the trigger forgets what was missed, and a watch on the monotonic
clock sets the jobs anew when the wall clock was set.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.sending.card_editor import CardEditor
from bot.sending.outages import OutageLog
from bot.sending.outbox_sender import OutboxSender
from core.engine import Engine, UseCase
from core.errors import DatabaseUnavailable
from core.services import (
    access_requests,
    alerts,
    approval_notices,
    dialogues,
    digest_editing,
    digests,
    due_work,
    email_changes,
    inbox,
    limits,
    link_mails,
    live_cards,
    mail_outbox,
    mini_app,
    outbox,
    password_links,
    password_requests,
    pending_sign_ups,
    questions,
    queues,
    reminder_rounds,
    reminders,
    repetitions,
    request_notices,
    retention,
    searches,
    sessions,
    status_pages,
    telegram_connections,
)
from core.services.due_work import Work
from core.services.queues import LATE, Queue

TICK = timedelta(seconds=1)
WATCHED_EVERY = 0.5  # seconds
BATCHES = 20  # of reminders, which are queued before other jobs have their turn
STEP = 0.8  # seconds; slower changes are the clock's own pace, or a time server's corrections
SWEEPS: tuple[UseCase[[datetime], object], ...] = (
    inbox.sweep,
    outbox.sweep,
    repetitions.sweep,
    questions.sweep,
    searches.sweep,
    digest_editing.sweep,
    sessions.sweep,
    dialogues.sweep,
    password_links.sweep,
    password_requests.sweep,
    retention.sweep_lists,
    status_pages.sweep,
    email_changes.sweep,
    link_mails.sweep,
    mini_app.sweep,
    reminders.sweep,
    reminder_rounds.sweep,
    alerts.sweep,
    live_cards.sweep,
    access_requests.sweep,
)  # what is kept no longer than it has to be

log = structlog.get_logger()


class Every(BaseTrigger):  # type: ignore[misc]  # untyped
    """Fires at an interval. What was missed while the process or its machine stood still is not made up for."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when to fire next: one interval after the last time, or after now if that is past."""
        following = (previous_fire_time or now) + self._interval
        return following if now < following <= now + self._interval else now + self._interval


class ClockWatch:
    """Notices that the wall clock was set: it moved by more or less than the monotonic clock did."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = wall() - monotonic()

    def step(self) -> float:
        """Return by how many seconds the wall clock was set since the last call; 0 if it wasn't."""
        offset = self._wall() - self._monotonic()
        moved, self._offset = offset - self._offset, offset
        return moved if abs(moved) > STEP else 0.0


class Jobs(Protocol):
    """The scheduler, as far as it is needed to set its jobs anew."""

    def get_jobs(self) -> list[Job]:
        """Return all jobs."""


def ring_at(jobs: Jobs, now: datetime) -> None:
    """Let all jobs run now, and at their intervals from now on."""
    for job in jobs.get_jobs():
        job.modify(next_run_time=now)


@dataclass(kw_only=True)
class OnDemand:
    """A work that is asked about every so many ticks, and done if it is due, once at a time."""

    do: Callable[[], Awaitable[None]]
    every: int = 1
    ticks_left: int = 0
    is_under_way: bool = False

    def asks(self) -> bool:
        """Return whether this tick is one that asks; to be called once for each."""
        self.ticks_left = max(0, self.ticks_left - 1)
        if self.is_under_way or self.ticks_left:
            return False
        self.ticks_left = self.every
        return True


class Schedule:
    """Ticks while the service runs. On stop, it finishes the messages being sent and puts back the others."""

    def __init__(
        self,
        engine: Engine,
        outbox_sender: OutboxSender,
        card_editor: CardEditor,
        *,
        mails_a_day: int | None = None,
        tick: timedelta = TICK,
    ) -> None:
        self._engine = engine
        self._tick_every = tick
        self._outbox_sender = outbox_sender
        self._card_editor = card_editor
        self._mails_a_day = mails_a_day
        self._works: dict[Work, OnDemand] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._late = {queue: OutageLog(queue) for queue in Queue}
        self._watching: asyncio.Task[None] | None = None
        options = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=options)

    def start(self) -> None:
        """Begin to tick."""
        self._works = self._all_works()
        jobs = (
            (self._tick, self._tick_every),
            (self.watch_queues, timedelta(seconds=30)),
            (self._sweep, timedelta(hours=1)),
        )
        for work, interval in jobs:
            self._scheduler.add_job(self._job(work), Every(interval))
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(ClockWatch()))

    async def stop(self) -> None:
        """Stop ticking and finish the running jobs."""
        if not self._scheduler.running or self._watching is None:
            return
        self._watching.cancel()
        self._scheduler.pause()
        self._outbox_sender.stop()
        self._card_editor.stop()
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)
        await self._outbox_sender.release_lease()
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler stops in the event loop's next iteration

    def _all_works(self) -> dict[Work, OnDemand]:
        """Return what is done when it is due; what is asked about in few ticks takes long to ask about."""
        return {
            Work.DIGESTS: OnDemand(do=self._queue_digests),
            Work.EXPIRED_SIGN_UPS: OnDemand(do=self._release_expired),
            Work.EXPIRED_REQUESTS: OnDemand(do=self._writing(access_requests.expire)),
            Work.APPROVALS: OnDemand(do=self._writing(approval_notices.announce)),
            Work.PASSWORD_REQUESTS: OnDemand(do=self._writing(password_requests.announce)),
            # While people had a notice a short time ago, there is something to tell, but not yet.
            Work.ACCESS_REQUESTS: OnDemand(do=self._writing(request_notices.announce), every=5),
            Work.COURSES: OnDemand(do=self._writing(telegram_connections.announce_courses), every=30),
            Work.REMINDERS: OnDemand(do=self._remind, every=5),
            Work.ALERTS: OnDemand(do=self._writing(alerts.tell), every=5),
            Work.MESSAGES: OnDemand(do=self._outbox_sender.send_waiting),
            Work.LIVE_CARDS: OnDemand(do=self._card_editor.edit_due),
            Work.ATTEMPTS: OnDemand(do=self._writing(limits.sweep), every=60),
        }

    async def _tick(self) -> None:
        """Ask what is due, and begin it; the next tick doesn't wait for it."""
        asked = [work for work, due in self._works.items() if due.asks()]
        for work in await self._engine.read(due_work.due, asked, self._engine.now()):
            self._works[work].is_under_way = True
            self._scheduler.add_job(self._job(partial(self._do, self._works[work])))

    async def _do(self, due: OnDemand) -> None:
        try:
            await due.do()
        finally:
            due.is_under_way = False

    async def _watch(self, clock: ClockWatch) -> None:
        """Set the jobs anew within a second after the wall clock was set."""
        while True:
            await asyncio.sleep(WATCHED_EVERY)
            if step := clock.step():
                log.warning("the clock was set", by_seconds=round(step, 1))
                ring_at(self._scheduler, datetime.now(UTC))
                for due in self._works.values():
                    due.ticks_left = 0
                if step < 0:  # moments that were to come soon are far away now
                    with suppress(DatabaseUnavailable):
                        await self._engine.write(outbox.hasten, self._engine.now())
                        await self._engine.write(mail_outbox.hasten, self._engine.now())

    def _writing(self, use_case: UseCase[[datetime], object]) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            await self._engine.write(use_case, self._engine.now())

        return write

    async def _release_expired(self) -> None:
        released = await self._engine.write(pending_sign_ups.release_expired, self._engine.now())
        log.info("sign-ups expired", number=released)

    async def _remind(self) -> None:
        """Queue some of the day's reminders; the next call goes on."""
        for _ in range(BATCHES):
            if not await self._engine.write(reminder_rounds.advance, self._engine.now(), self._mails_a_day):
                log.info("reminders queued")
                return

    async def _sweep(self) -> None:
        for sweep in SWEEPS:
            await self._engine.write(sweep, self._engine.now())
        while await self._engine.write(retention.sweep_names, self._engine.now()):
            pass

    async def watch_queues(self) -> None:
        """Say which work isn't done, whatever the reason."""
        for queue, age in (await self._engine.read(queues.ages, self._engine.now())).items():
            if age > LATE:
                self._late[queue].failed("work waits for too long", seconds=round(age.total_seconds()))
            else:
                self._late[queue].over()

    async def _queue_digests(self) -> None:
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
