"""Work that one process at a time does: as long as its lease lasts; then another process takes over."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.holders import new_holder
from core.services import leases
from core.services.leases import LEASE, LeaderRole

RENEW_EVERY = LEASE.total_seconds() / 3
TRY_EVERY = 0.5  # seconds, while another process leads, or the database is unavailable

log = structlog.get_logger()


class LeaderTask:
    """Does its work while this process is the leader."""

    def __init__(self, engine: Engine, role: LeaderRole, work: Callable[[], Awaitable[None]]) -> None:
        self._engine = engine
        self._role = role
        self._work = work
        self._holder = new_holder()
        self._loop: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[bool] | None = None

    def start(self) -> None:
        """Begin to try for the lease, and do the work while it is held."""
        self._loop = asyncio.create_task(self._run(), name=self._role)

    async def stop(self) -> None:
        """Stop the work and release the lease, so that another process can take over immediately."""
        if self._loop is None:
            return
        self._loop.cancel()
        pending = filter(None, (self._loop, self._taking))  # else a lease taken after its release would stay
        await asyncio.gather(*pending, return_exceptions=True)
        with suppress(DatabaseUnavailable):  # then it expires
            await self._engine.write(leases.release, self._role, self._holder)

    async def _run(self) -> None:
        while True:
            try:
                if await self._leads():
                    await self._do()
            except Exception:  # if this loop ended, the process would never lead again
                log.exception("leader task failed, retrying", role=self._role)
            await asyncio.sleep(TRY_EVERY)

    async def _do(self) -> None:
        """Do the work until the lease is lost."""
        log.info("became leader", role=self._role)
        working = asyncio.ensure_future(self._work())
        try:
            while not working.done() and await self._leads():
                await asyncio.wait([working], timeout=RENEW_EVERY)
        finally:
            working.cancel()
            await asyncio.wait([working])
        if not working.cancelled():
            working.result()

    async def _leads(self) -> bool:
        try:
            taking = self._engine.write(leases.take, self._role, self._holder, self._engine.now())
            self._taking = asyncio.ensure_future(taking)
            return await asyncio.shield(self._taking)
        except DatabaseUnavailable:  # without it there is no work either; the engine has told the log
            return False
