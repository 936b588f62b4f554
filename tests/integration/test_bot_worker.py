"""How updates come into the worker's hands, and when their answers are recorded."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.receiving import worker
from core.domain.updates import KINDS, read_update
from core.engine import Engine
from core.services import inbox
from tests.support.account import an_office
from tests.support.clock import Clock
from tests.support.desk import Desk, open_desk
from tests.support.statements import counted


class EngineToWaitFor(Engine):
    """An engine that tells when updates are recorded, and returns only when it may."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        super().__init__(database_url, clock=clock)
        self.recorded, self.may_return = asyncio.Event(), asyncio.Event()
        self.may_return.set()

    async def write(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the engine's
        """Run a use case; after recording updates, wait."""
        result = await super().write(use_case, *args, **kwargs)
        if use_case is inbox.record_and_claim:
            self.recorded.set()
            await self.may_return.wait()
        return result


@pytest.fixture
async def engine(office_url: str, clock: Clock) -> AsyncIterator[EngineToWaitFor]:
    engine = EngineToWaitFor(office_url, clock)
    yield engine
    await engine.close()


async def receive(desk: Desk) -> None:
    updates = await desk.bot.get_updates(allowed_updates=KINDS)
    await desk.recorder.record([read_update(update.to_dict()) for update in updates])


async def test_an_update_is_handled_also_if_the_poller_ends_while_it_is_recorded(engine: EngineToWaitFor) -> None:
    await an_office(engine)
    async with open_desk(engine) as desk:
        said = await desk.owner.says("/help")
        engine.recorded.clear()
        engine.may_return.clear()
        receiving = asyncio.create_task(receive(desk))
        await engine.recorded.wait()
        receiving.cancel()
        engine.may_return.set()
        assert "Tap a subject" in (await desk.owner.reads(after=said)).text
    assert set(await engine.read(inbox.counts)) == {"done"}


async def test_a_screen_that_changes_is_recorded_as_begun_only_if_another_process_might_have_taken_the_tap_over(
    engine: EngineToWaitFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await an_office(engine)).profile()
    async with open_desk(engine) as desk:
        writes = []
        for renewed_every in (worker.RENEW_EVERY, 0.0):
            monkeypatch.setattr(worker, "RENEW_EVERY", renewed_every)
            await desk.line("/profile 1")
            with counted() as count:
                await desk.tap("Who joined")
            writes.append(count.cost.writes)
    assert writes == [1, 2]
