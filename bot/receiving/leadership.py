"""What one process at a time does: as long as its lease holds, and whoever is left takes it on."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

import structlog

from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import leases
from core.services.leases import LASTS, LeaderRole

RENEW_EVERY = LASTS.total_seconds() / 3

log = structlog.get_logger()


class LeaderTask:
    """Does some work while it is this process's to do."""

    def __init__(self, engine: Engine, duty: LeaderRole, work: Callable[[], Awaitable[None]]) -> None:
        self._engine = engine
        self._duty = duty
        self._work = work
        self._holder = str(uuid4())
        self._watch: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[bool] | None = None

    def start(self) -> None:
        """Begin to watch for the duty, and do it when it is ours."""
        self._watch = asyncio.create_task(self._run(), name=self._duty)

    async def stop(self) -> None:
        """Stop the work, and let another process go on with it at once."""
        if self._watch is None:
            return
        self._watch.cancel()
        pending = filter(None, (self._watch, self._taking))  # a lease taken after it was given up would stay
        await asyncio.gather(*pending, return_exceptions=True)
        with suppress(DatabaseUnavailable):  # then it runs out
            await self._engine.write(leases.give_up, self._duty, self._holder)

    async def _run(self) -> None:
        while True:
            try:
                if await self._is_ours():
                    await self._do()
            except Exception:  # a watch that ends would leave the duty to nobody
                log.exception("duty failed", duty=self._duty)
            await asyncio.sleep(RENEW_EVERY)

    async def _do(self) -> None:
        """Do the work until the duty is lost."""
        log.info("on duty", duty=self._duty)
        working = asyncio.ensure_future(self._work())
        try:
            while not working.done() and await self._is_ours():
                await asyncio.wait([working], timeout=RENEW_EVERY)
        finally:
            working.cancel()
            await asyncio.wait([working])
        if not working.cancelled():
            working.result()

    async def _is_ours(self) -> bool:
        try:
            taking = self._engine.write(leases.take, self._duty, self._holder, self._engine.now())
            self._taking = asyncio.ensure_future(taking)
            return await asyncio.shield(self._taking)
        except DatabaseUnavailable as error:  # without it there is nothing to do anyway
            log.warning("database unavailable", reason=str(error))
            return False
