"""A manager who blocks the bot or loses the right, and comes back: told what stopped, resumed by a tap."""

from collections.abc import AsyncIterator

import pytest

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.services import digest_editing, digests, people
from core.storage.people import set_managed
from tests.support.account import an_office
from tests.support.bot_fixture import MANAGER, OWNER, Town, open_town
from tests.support.chat import Person
from tests.support.clock import Clock
from tests.support.rows import a_user, department_id

DAILY = parse_cadence("daily 18:00")
STOPPED = "1 of your digests has stopped:\n· all that you see: every day at 18:00"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    await an_office(engine)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", name="Max", telegram_id=MANAGER)
    await engine.write(digests.subscribe, manager, DAILY, MANAGER, engine.now())
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        await town.person(MANAGER).asks("/start")
        yield town


async def blocks(town: Town, stopping: str = "Their digest has stopped.") -> Person:
    manager = town.person(MANAGER)
    await manager.blocks()
    told = await town.owner.reads(f"Max Meier can no longer be reached in Telegram. {stopping}")
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
    assert "Your digest stopped on 23 Nov" in shown.text
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


async def number_of(town: Town, telegram_id: int) -> int:
    person = await town.engine.read(people.by_telegram_id, telegram_id)
    assert person
    return person.user_id


async def add_of_emea(town: Town) -> None:
    """Give the manager another digest, about a department below theirs."""
    engine, manager = town.engine, await number_of(town, MANAGER)
    emea, newest = await engine.read(department_id, "Sales / EMEA"), 1
    added = await engine.write(digest_editing.add, manager, emea, MANAGER, engine.now(), newest=newest)
    await engine.write(digest_editing.reschedule, manager, added.named.digest_id, DAILY, engine.now())


async def test_a_digest_is_resumed_alone_on_its_card(town: Town) -> None:
    await add_of_emea(town)
    manager = await blocks(town, "Their 2 digests have stopped.")
    await manager.blocks(blocked=False)
    await manager.reads("2 of your digests have stopped:")
    await manager.asks("/digest")
    await manager.taps("EMEA")
    await manager.reads("It stopped on")
    await manager.taps("Resume")
    await manager.is_told("1 digest goes on.")
    shown = await manager.reads("Digest: Sales / EMEA")
    assert "Resume" not in shown.labels
    assert (await manager.asks("/digest")).labels[0] == "Resume"


async def test_a_digest_whose_department_is_lost_leads_to_its_card_instead_of_resuming(town: Town) -> None:
    await add_of_emea(town)
    await town.person(MANAGER).asks("/digest off")
    manager = await blocks(town)
    await town.engine.write(set_managed, await number_of(town, MANAGER), [])
    await manager.blocks(blocked=False)
    offered = await manager.reads("1 of your digests has stopped:\n· a department that is no longer yours")
    assert offered.labels == ("Not yours now", "‹ Digest")
    assert "Resumed, they come" not in offered.text
    first = await manager.asks("/start")
    assert first.labels[0] == "Not yours now"
    assert "of your digests has stopped" not in first.text
    assert "1 digest can't go on: its department is no longer yours" in first.text
    assert "Resume" not in (await manager.asks("/digest")).labels
    await manager.asks("/start")
    await manager.taps("Not yours now")
    card = await manager.reads("Digest: a department that is no longer yours")
    assert "Department" in card.labels
    assert "Resume" not in card.labels


async def test_who_is_active_again_is_offered_to_resume(town: Town) -> None:
    manager = await blocks(town)
    await manager.blocks(blocked=False)
    before = await manager.reads(STOPPED)
    owner, number = await number_of(town, OWNER), await number_of(town, MANAGER)
    for change in (people.deactivate, people.activate):
        await town.engine.write(change, owner, number, town.engine.now())
    offered = await manager.reads(STOPPED, after=before)
    assert offered.labels == ("Resume", "‹ Digest")
