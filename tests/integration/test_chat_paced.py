"""Telegram's limits pace messages, not what people do: lines and taps are carried out at once, screens come later."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import profiles
from core.services.profiles import Card
from core.storage import departments
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.deep

WAIT = 5  # seconds
PUT_OFF = f"Too Many Requests: retry after {WAIT}"


@pytest.fixture
async def card(office: Office) -> Card:
    return await office.profile()


@pytest.fixture
async def town(engine: Engine, card: Card) -> AsyncIterator[Town]:
    async with open_town(engine, gated=True) as town:
        await town.owner.asks("/start")
        await town.owner.asks(f"/profile {card.profile_id}")
        yield town


async def is_paused(town: Town, card: Card) -> bool:
    return (await town.engine.read(profiles.card, 1, card.profile_id, town.engine.now())).paused


def sent(town: Town) -> list[str]:
    return [call.method for call in town.sandbox.calls if call.method in ("sendMessage", "editMessageText")]


async def test_taps_are_carried_out_and_answered_while_screens_wait_of_which_only_the_newest_is_shown(
    town: Town, card: Card
) -> None:
    before = len(sent(town))
    town.gate.refuse_once("editMessageText", 429, PUT_OFF, retry_after=WAIT)
    await town.owner.taps("‹ Links")
    await town.gate.refused.wait()
    await town.owner.taps("Who joined")
    await town.owner.is_told()
    await town.owner.taps("Pause")
    await town.owner.is_told("Paused")
    assert await is_paused(town, card)
    assert len(sent(town)) == before
    await town.owner.reads("⏸")
    assert sent(town)[before:] == ["editMessageText"]


async def test_lines_are_carried_out_while_their_answers_wait_which_come_in_order(town: Town) -> None:
    names, before = ["Alpha", "Beta", "Gamma"], len(sent(town))
    town.gate.refuse_once("sendMessage", 429, PUT_OFF, retry_after=WAIT)
    for name in names:
        said = await town.owner.says(f"/adddepartment {name}")
    async with asyncio.timeout(PATIENCE):
        while not {(name,) for name in names} <= set((await town.engine.read(departments.paths)).values()):
            await asyncio.sleep(0.02)
    assert len(sent(town)) == before
    await town.owner.reads(names[-1], after=said)
    answers = [message.text for message in await town.owner.messages() if message.by_bot][-len(names) :]
    assert [name in answer for name, answer in zip(names, answers, strict=True)] == [True] * len(names)
