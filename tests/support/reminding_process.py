"""A process that queues a day's reminders, batch by batch: `python -m tests.support.reminding_process URL MOMENT`.

It writes a line as soon as a batch is committed, unbuffered, and ends with the round.
"""

import asyncio
import os
import sys
from datetime import datetime

from core.engine import Engine
from core.services import reminder_rounds


async def main(database_url: str, moment: str) -> None:
    """Work until the round has ended, or somebody puts an end to it."""
    engine, now = Engine(database_url), datetime.fromisoformat(moment)
    while await engine.write(reminder_rounds.advance, now, 1_000_000):
        os.write(sys.stdout.fileno(), b"a batch\n")
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
