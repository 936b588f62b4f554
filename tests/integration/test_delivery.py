"""What becomes of a digest when Telegram refuses it, is busy, or leaves it open whether it arrived."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import digests, outbox
from tests.support.bot_fixture import Town, open_town
from tests.support.clock import Clock
from tests.support.patience import PATIENCE


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine, gated=True) as town:
        said = await town.owner.says("/start")
        await town.owner.reads("Welcome", after=said)
        said = await town.owner.says("/digest daily 12:01")
        await town.owner.reads("The next one comes", after=said)
        yield town


async def test_a_digest_that_telegram_puts_off_comes_later(town: Town, clock: Clock) -> None:
    town.gate.refuse_once("sendMessage", 429, "Too Many Requests: retry after 5", retry_after=5)
    clock.advance(minutes=1)
    await town.gate.refused.wait()
    await town.outbox_has("waiting")
    clock.advance(seconds=6)
    await town.owner.reads("Nobody joined so far")


async def test_a_digest_whose_answer_is_lost_is_sent_again_saying_so(town: Town, clock: Clock) -> None:
    town.gate.lose_answer_once("sendMessage")
    clock.advance(minutes=1)
    await town.owner.reads("Sent again: Nobody joined so far")
    arrived = [message for message in await town.owner.messages() if "Nobody joined" in message.text]
    assert len(arrived) == 2
    assert "Sent again" not in arrived[0].text
    assert (await town.engine.read(outbox.counts))["unknown"] == 1


async def test_a_digest_to_somebody_who_cannot_be_reached_stops(town: Town, clock: Clock) -> None:
    town.gate.refuse_once("sendMessage", 403, "Forbidden: bot was blocked by the user")
    clock.advance(minutes=1)
    await town.outbox_has("failed")
    subscription = await town.engine.read(digests.subscription, 1)
    assert subscription.next_due is None


async def test_the_digest_of_who_blocks_the_bot_stops_at_once(town: Town) -> None:
    await town.owner.blocks()
    async with asyncio.timeout(PATIENCE):
        while (await town.engine.read(digests.subscription, 1)).next_due:
            pass
