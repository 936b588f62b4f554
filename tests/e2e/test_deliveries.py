"""What is due while the processes that send it are killed: nothing twice, and nothing missing but what is listed.

`make deliveries` does the same with a thousand of each.
"""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.support.deliveries import Kills, deliveries
from tests.support.patience import PATIENCE

LEASES_ARE_OVER = timedelta(minutes=6)


@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # where several processes send
async def test_killed_processes_send_nothing_twice_and_leave_nothing_out(database_url: str, tmp_path: Path) -> None:
    async with deliveries(tmp_path, database_url, number=30) as at:
        await at.survive(Kills(processes=3, number=3, longest_life=1.5), Random(7))  # noqa: S311 - nothing secret
        at.kill_all()
        later, done = timedelta(), False
        while not done:  # what ended processes held is taken over; what may have arrived is repeated minutes later
            later += LEASES_ARE_OVER
            await at.start_process(later)
            done = await at.due_is_sent(PATIENCE, later)
            at.kill_all()
        for outcome in (await at.judge()).values():
            assert (outcome.missing, outcome.twice) == (0, 0), outcome
            assert outcome.arrived + outcome.unknown == outcome.due, outcome
