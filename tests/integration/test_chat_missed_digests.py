"""A digest that Telegram refused is told of by the next one and by the first screen, until it is sent again."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import digests
from tests.support.account import an_office
from tests.support.bot_fixture import OWNER, Town, open_town
from tests.support.clock import Clock

LOST = "The digest of 23 Nov didn't arrive."


@pytest.fixture
async def town(engine: Engine, clock: Clock) -> AsyncIterator[Town]:
    """The owner has asked for a digest in which somebody joined, and Telegram refused it."""
    office = await an_office(engine)
    async with open_town(engine) as town:
        await town.signs_up(office)
        town.expected_refusals.append("Bad Request: made to fail")
        town.sandbox.faults.arm("bad_request", method="sendMessage")
        await engine.write(digests.request, office.owner_id, OWNER, engine.now())
        await town.outbox_has("unknown")
        clock.advance(minutes=1)
        yield town


async def test_the_next_digest_says_that_one_did_not_arrive_and_leads_to_sending_it_again(town: Town) -> None:
    await town.owner.asks("/digest now")
    told = await town.owner.reads("Nobody joined since")
    assert told.text.endswith(f"\n\n{LOST}")
    assert told.labels[0] == "Send again"
    await town.owner.taps("Send again")
    listed = await town.owner.reads("These may not have arrived")
    assert listed.labels == ("Send again: 1", "‹ Digest")
    await town.owner.taps("Send again: 1")
    await town.owner.reads("1 joined so far")


async def test_a_digest_that_is_shown_again_says_the_same(town: Town) -> None:
    await town.owner.asks("/digest now")
    await town.owner.reads("Nobody joined since")
    await town.owner.taps("More ›")
    assert LOST not in (await town.owner.reads("Nobody joined since")).text
    await town.owner.taps("‹ Digest")
    assert LOST in (await town.owner.reads("Nobody joined since")).text


async def test_the_first_screen_says_that_a_digest_did_not_arrive_until_it_is_sent_again(town: Town) -> None:
    first = await town.owner.asks("/menu")
    assert LOST in first.text
    await town.owner.taps("Failed · 1")
    await town.owner.reads("These may not have arrived")
    await town.owner.taps("Send again: 1")
    await town.owner.reads("1 joined so far")
    assert LOST not in (await town.owner.asks("/menu")).text
