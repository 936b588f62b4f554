"""Clients that take connections and don't use them, and a program that may open few files."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Conditions, Scene, pause
from tests.support.flood import an_address

IDLE, SLOW = 1100, 200
DURATION = 12.0  # seconds


async def _idle(at: Scene) -> None:
    await _connected(at, IDLE, "")


async def _slow(at: Scene) -> None:
    await _connected(at, SLOW, "GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")


async def _few_files(at: Scene) -> None:
    await _connected(at, IDLE // 10, "")


async def _connected(at: Scene, number: int, says: str) -> None:
    """Open connections from as many addresses, send a letter a second through each, and hang up at last."""
    to = urlsplit(at.program.pages)
    writers = []
    for _ in range(number):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(to.hostname, to.port, local_addr=(an_address(), 0))
            writers.append(writer)
    for second in range(round(DURATION)):
        for writer in writers if says else ():
            writer.write((says[second : second + 1] if second < len(says) else "x").encode())
        await pause(1.0)
    for writer in writers:
        writer.transport.abort()


FAULTS = [
    Fault(
        name="idle-connections", expected=f"{IDLE} connections that say nothing", strike=_idle, databases=("sqlite",)
    ),
    Fault(name="slow-connections", expected=f"{SLOW} that send a letter a second", strike=_slow, databases=("sqlite",)),
    Fault(
        name="few-files",
        expected=f"`ulimit -n 64`, and {IDLE // 10} silent connections",
        strike=_few_files,
        conditions=Conditions(files=64),
    ),
]
