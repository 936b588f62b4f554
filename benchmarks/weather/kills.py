"""The program itself is killed."""

import os
import random

from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Scene, pause

KILLS = int(os.environ.get("GANGWAY_KILLS", "100"))
LONGEST_LIFE = 3.0  # seconds


async def _killed(at: Scene) -> None:
    """Kill the program at any moment, also while it starts, and start it again at once."""
    for _ in range(KILLS):
        await pause(random.uniform(0, LONGEST_LIFE))  # noqa: S311 - nothing secret
        await at.kill()
        await at.start()
    await at.is_up()


FAULTS = [
    Fault(
        name="kill",
        expected=f"{KILLS} × `kill -9` under load, also while it starts",
        strike=_killed,
        chat_within=20.0,  # an update in hand is free again when its lease ends
    )
]
