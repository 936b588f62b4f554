"""Transactions that stay open for a while, so that others meet them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.engine import Engine
from tests.support.patience import PATIENCE

T = TypeVar("T")


@asynccontextmanager
async def under_way(engine: Engine, use_case: Callable[[Session], T]) -> AsyncIterator["asyncio.Task[T]"]:
    """Run a use case and keep its transaction open as long as the block lasts; the commit follows."""
    entered, go_on = threading.Event(), threading.Event()

    def run(session: Session) -> T:
        try:
            result = use_case(session)
            session.flush()
        finally:
            entered.set()
        go_on.wait()
        return result

    task = asyncio.create_task(engine.write(run))
    await asyncio.to_thread(entered.wait)
    try:
        yield task
    finally:
        go_on.set()


async def until_somebody_waits(engine: Engine) -> None:
    """Return once a transaction waits for another one's lock (PostgreSQL)."""

    def waiting(session: Session) -> bool:
        query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return session.execute(text(query)).first() is not None

    async with asyncio.timeout(PATIENCE):
        while not await engine.read(waiting):
            pass
