"""Bot halves of `gangway` with a clock that is ahead; all but the clock is as in `gangway bot`.

`python -m tests.support.delivering_processes` takes its settings from the environment. Each line that it reads, by how
many seconds the clock is to be ahead, starts a process, and is answered with its number. They are forks, because
hundreds are killed, and a start of Python takes seconds.
"""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from datetime import timedelta

from bot import start
from core import logs
from core.config import load
from core.engine import Engine, utc_now

SECRET = "a secret key of processes that deliver"


async def deliver(ahead: timedelta) -> None:
    """Deliver until the process is killed."""
    settings = load()
    engine = Engine(settings.database_url, clock=lambda: utc_now() + ahead)
    async with AsyncExitStack() as stack:
        await start.start(stack, engine, settings, SECRET, announce=print)
        await asyncio.Event().wait()


def main() -> None:
    """Start processes until the input ends."""
    logs.configure(level="error", style="console")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is forgotten at once
    for line in sys.stdin:
        if (number := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the answers are the parent's
            asyncio.run(deliver(timedelta(seconds=float(line))))
        os.write(sys.stdout.fileno(), f"{number}\n".encode())


if __name__ == "__main__":
    main()
