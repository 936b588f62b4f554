"""What becomes of a line while the database can't be used for a moment. The clock stands still: no lease ends here."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.engine import Engine, UseCase
from core.errors import Cause, DatabaseUnavailable
from core.services import departments, inbox
from tests.support.account import Office, an_office
from tests.support.bot_fixture import Town
from tests.support.clock import Clock
from tests.support.patience import PATIENCE


class EngineWithOutage(Engine):
    """An engine whose database is unavailable for one call of a use case: before it, or after it was committed."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        super().__init__(database_url, clock=clock)
        self._fails: dict[UseCase[..., Any], bool] = {}

    def fails_once(self, use_case: UseCase[..., Any], *, committed: bool) -> None:
        """Fail at the next call of a use case."""
        self._fails[use_case] = committed

    async def write(self, use_case: UseCase[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the engine's
        """Run a use case, or fail."""
        fails, committed = use_case in self._fails, self._fails.pop(use_case, False)
        result = None if fails and not committed else await super().write(use_case, *args, **kwargs)
        if fails:
            raise DatabaseUnavailable(Cause.UNREACHABLE)
        return result


@pytest.fixture
async def engine(office_url: str, clock: Clock) -> AsyncIterator[EngineWithOutage]:
    """An engine on each database."""
    engine = EngineWithOutage(office_url, clock)
    yield engine
    async with asyncio.timeout(PATIENCE):
        await engine.close()


@pytest.fixture
async def office(engine: EngineWithOutage) -> Office:
    """An account that its owner has set up."""
    return await an_office(engine)


async def all_done(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE):
        while set(await engine.read(inbox.counts)) != {"done"}:
            await asyncio.sleep(0.02)


async def paths(office: Office) -> list[str]:
    return [" / ".join(branch.path) for branch in await office.engine.read(departments.tree, office.owner_id)]


@pytest.mark.parametrize("step", [inbox.carry_out, inbox.begin_answer, inbox.finish])
async def test_a_line_is_carried_out_and_answered_once_as_soon_as_an_outage_is_over(
    town: Town, office: Office, engine: EngineWithOutage, step: UseCase[..., Any]
) -> None:
    engine.fails_once(step, committed=False)
    said = await town.owner.says("/adddepartment Sales / Nordics")
    assert "Nordics" in (await town.owner.reads(after=said)).text
    await all_done(engine)
    assert "Sales / Nordics" in await paths(office)
    assert [message.id > said.id for message in await town.owner.messages()].count(True) == 1


async def test_an_effect_whose_commit_was_in_doubt_is_not_repeated_and_its_sender_is_told(
    town: Town, office: Office, engine: EngineWithOutage
) -> None:
    engine.fails_once(inbox.carry_out, committed=True)
    said = await town.owner.says("/adddepartment Sales / Nordics")
    assert "Nordics" in (await town.owner.reads(after=said)).text
    assert await engine.read(inbox.counts) == {"interrupted": 1}
    assert (await paths(office)).count("Sales / Nordics") == 1
