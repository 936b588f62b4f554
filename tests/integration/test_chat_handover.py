"""A service that ends leaves its duties to others at once, whatever it was doing."""

import asyncio

from core.domain.outbox import Kind
from core.engine import Engine
from core.services import leases, outbox
from core.services.leases import LeaderRole
from tests.support.account import Office
from tests.support.bot_fixture import open_town

ENDS = 8


async def test_what_ends_in_the_middle_of_taking_a_duty_on_does_not_keep_it(engine: Engine, office: Office) -> None:
    for number in range(ENDS):
        async with open_town(engine):
            await engine.write(outbox.queue, office.owner_id, 7777, Kind.FIRST_LEARNER, number, engine.now())
            for _ in range(number):
                await asyncio.sleep(0)
        for duty in LeaderRole:
            assert await engine.write(leases.take, duty, "another", engine.now()), duty
            await engine.write(leases.release, duty, "another")
