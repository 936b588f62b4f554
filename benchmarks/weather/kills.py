"""The program itself is killed."""

import os
import random

from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Scene, pause

KILLS = int(os.environ.get("GANGWAY_KILLS", "100"))
LONGEST_LIFE, LONGEST_START = 3.0, 2.0  # seconds


async def _killed(at: Scene) -> None:
    """Kill the program, each second time at any moment of its work, else while it starts; start it again at once."""
    for number in range(KILLS):
        if number % 2 == 0:
            await at.is_up()
        await pause(random.uniform(0, LONGEST_LIFE if number % 2 == 0 else LONGEST_START))  # noqa: S311 - nothing secret
        await at.kill()
        await at.start()
    await at.is_up()


FAULTS = [
    Fault(
        name="kill",
        expected=f"{KILLS} × `kill -9` under load, each second one while it starts",
        strike=_killed,
    )
]
