"""Strangers who write to the bot keep nobody else waiting, and a tap waits for no message."""

import asyncio
from statistics import median
from time import monotonic

import pytest
from structlog.testing import capture_logs

from bot.sending.rate_limiter import Limits, Window
from core.engine import Engine
from core.services import limits
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town

FIRST, STRANGERS, LINES = 20_001, 300, 5
SLOW = Limits(replies_to_a_person=Window(messages=1, seconds=2))


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_stranger_is_answered_once_however_much_they_write(town: Town) -> None:
    with capture_logs() as logs:
        for text in ("hello", "/profiles", "/start guessed", "anybody there?"):
            await town.stranger.says(text)
        await town.owner.asks("/profiles")
        await town.stranger.reads("invited people only")  # after the owner, who is known
    said = [message.text for message in await town.stranger.messages() if message.by_bot]
    assert len(said) == 1
    assert [line["event"] for line in logs].count("updates of strangers left out") == 1


@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_tap_is_answered_at_once_although_the_screen_has_to_wait(engine: Engine, office: Office) -> None:
    card = await office.profile()
    async with open_town(engine, limits=SLOW) as town:
        await town.owner.asks(f"/profile {card.profile_id}")  # takes the only message of these seconds
        await town.owner.taps("Pause")
        told, changed = await town.owner.is_told("Paused"), await town.owner.reads("⏸")
    assert told.revision < changed.revision


@pytest.mark.deep
@pytest.mark.each_database
async def test_three_hundred_strangers_keep_the_owner_waiting_less_than_a_second(town: Town, office: Office) -> None:
    await town.owner.asks("/start")
    people = [await town.arrives(f"Stranger {number}") for number in range(STRANGERS)]
    await asyncio.gather(*(person.says(f"line {number}") for number in range(LINES) for person in people))
    waits = []
    for _ in range(9):
        began = monotonic()
        await town.owner.asks("/profiles")
        waits.append(monotonic() - began)
    assert median(waits) < 1
    assert (await office.engine.read(limits.left_out))[limits.STRANGERS] > 0
