"""A manager who blocks the bot or loses the right, and comes back: told what stopped, resumed by a tap."""

from collections.abc import AsyncIterator

import pytest

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.services import digests
from tests.support.account import an_office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.chat import Person
from tests.support.clock import Clock
from tests.support.rows import a_user

STOPPED = "1 of your digests has stopped:\n· all that you see: every day at 18:00"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    await an_office(engine)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", name="Max", telegram_id=MANAGER)
    await engine.write(digests.subscribe, manager, parse_cadence("daily 18:00"), MANAGER, engine.now())
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        await town.person(MANAGER).asks("/start")
        yield town


async def blocks(town: Town) -> Person:
    manager = town.person(MANAGER)
    await manager.blocks()
    told = await town.owner.reads("Max Meier can no longer be reached in Telegram. Their digest has stopped.")
    assert told.labels == ("Show the person",)
    return manager


async def test_who_unblocks_the_bot_is_told_what_stopped_and_resumes_it_by_a_tap(town: Town) -> None:
    manager = await blocks(town)
    await manager.blocks(blocked=False)
    offered = await manager.reads(STOPPED)
    assert offered.labels == ("Resume", "‹ Digest")
    await manager.taps("Resume")
    await manager.is_told("1 digest goes on.")
    await manager.reads("Your digest comes every day at 18:00.")


async def test_who_unblocks_without_a_stopped_digest_reads_nothing(town: Town) -> None:
    await town.owner.blocks()
    await town.owner.blocks(blocked=False)
    await town.owner.asks("/menu")
    assert not [each for each in await town.owner.messages() if "stopped" in each.text]


async def test_the_first_screen_and_the_digests_show_what_has_stopped(town: Town) -> None:
    manager = await blocks(town)
    await manager.blocks(blocked=False)
    await manager.reads(STOPPED)
    first = await manager.asks("/start")
    assert "1 of your digests has stopped" in first.text
    assert first.labels[0] == "Resume"
    shown = await manager.asks("/digest")
    assert "Your digest has stopped 23 Nov" in shown.text
    assert shown.labels[0] == "Resume"


async def test_who_lost_the_right_and_got_it_back_resumes_by_a_tap(town: Town, clock: Clock) -> None:
    manager = town.person(MANAGER)
    await town.owner.asks("/assign #2 | learner")
    clock.advance(days=1)
    await town.owner.reads("Max Meier may no longer get digests. Their digest has stopped.")
    await town.owner.asks("/assign #2 | department administrator | Sales")
    await town.owner.taps("Give the role")
    back = await manager.reads("You are now: department administrator")
    assert STOPPED in back.text
    await manager.taps("Resume")
    await manager.reads("Nobody joined")
