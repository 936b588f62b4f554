"""Whether the database can be used now: asked by the operator's probe, and watched while it can't.

The log gets one line when an outage begins and one when it ends, however many use cases fail in between.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from time import monotonic

import structlog

from core.errors import BUSY, Cause, DatabaseUnavailable
from core.logs import Summary

PROBE_EVERY = 0.25  # seconds, during an outage
FRESH = 1.0  # seconds for which the answer of a probe holds
AFTER_FAILURE = 3.0  # seconds: a probe needs less than a use case, and may succeed in between
AFTER_DAMAGE = 60.0  # seconds: a probe doesn't touch what is damaged, nor do all use cases
PARTLY: Mapping[Cause, float] = {
    Cause.DISK_FULL: AFTER_FAILURE,
    Cause.NO_MEMORY: AFTER_FAILURE,
    Cause.FILE_FAILS: AFTER_FAILURE,
    Cause.NO_RIGHTS: AFTER_DAMAGE,
    Cause.DAMAGED: AFTER_DAMAGE,
}  # for how long no use case may have failed so

log = structlog.get_logger()


class Availability:
    """Knows why the database can't be used, if it can't. `probe` writes something; it raises DatabaseUnavailable.

    Used in one event loop.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]], clock: Callable[[], float] = monotonic) -> None:
        self.cause: Cause | None = None
        self._probe = probe
        self._clock = clock
        self._began = self._failed_at = self._checked_at = -FRESH
        self._failures = 0
        self._busy = Summary(clock)
        self._watching: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None

    def failed(self, error: DatabaseUnavailable) -> None:
        """Note that a use case failed; probe from now on until the database can be used again."""
        if error.cause is Cause.CLOSED:
            return
        if error.cause in BUSY:
            if number := self._busy.add(1):
                log.warning("database busy", reason=str(error), number=number)
            return
        self._note(error)
        self._failures += 1
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())

    async def check(self) -> Cause | None:
        """Return why the database can't be used, None if it can: as it was a second ago at most.

        Callers at the same time share one probe.
        """
        if self.cause is None and self._clock() - self._checked_at >= FRESH:
            if self._checking is None or self._checking.done():
                self._checking = asyncio.create_task(self._check())
            await asyncio.shield(self._checking)
        return self.cause

    async def close(self) -> None:
        """Stop probing."""
        for task in (self._watching, self._checking):
            if task and not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _check(self) -> None:
        try:
            await self._probe()
        except DatabaseUnavailable as error:
            self._note(error)
            if self._watching is None or self._watching.done():
                self._watching = asyncio.create_task(self._watch())
        self._checked_at = self._clock()

    async def _watch(self) -> None:
        while self.cause:
            await asyncio.sleep(PROBE_EVERY)
            try:
                await self._probe()
            except DatabaseUnavailable as error:
                self._note(error)
            else:
                self._end()

    def _note(self, error: DatabaseUnavailable) -> None:
        self._failed_at = self._clock()
        if self.cause is None:
            self._began, self._failures = self._failed_at, 0
            log.error("database unavailable", reason=str(error))
        self.cause = error.cause

    def _end(self) -> None:
        if self.cause is None or self._clock() - self._failed_at < PARTLY.get(self.cause, 0.0):
            return
        seconds = round(self._clock() - self._began, 1)
        log.warning("database available again", after_seconds=seconds, failures=self._failures, last=str(self.cause))
        self.cause = None
        self._checked_at = self._clock()
