"""How long a back-up takes beside sign-ups: `gangway backup` against SQLite's own `.backup`.

`python -m benchmarks.backup [--activations 400000] [--limit 120]` fills a new SQLite file, lets four people a second
sign up, and lets each of the two make a copy, for so many seconds at most. It prints the time that each took, and the
longest sign-up meanwhile.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from benchmarks.bulk import NOW, Size, fill
from core.engine import Engine
from core.services import redemption
from core.storage.database import open_database
from core.storage.deadlines import MIGRATION, Deadlines
from tests.support.account import a_form

BETWEEN = 0.25  # seconds
GANGWAY = (sys.executable, "-m", "gangway", "backup")
_numbers = count(1)


async def _sign_ups(engine: Engine, over: asyncio.Event) -> list[float]:
    """Let people sign up until it is over; return how many seconds each took."""
    took = []
    while not over.is_set():
        began = time.perf_counter()
        await engine.write(redemption.redeem, "token-1", a_form(f"new{next(_numbers)}@example.com"), NOW)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, BETWEEN - took[-1]))
    return took


async def _measure(name: str, engine: Engine, limit: float, file: Path, *command: str) -> None:
    over = asyncio.Event()
    working, began = asyncio.create_task(_sign_ups(engine, over)), time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, env={"DATABASE_URL": f"sqlite:///{file}", "PATH": "/usr/bin:/bin"}
    )
    try:
        async with asyncio.timeout(limit):
            ended = f"exit {await process.wait()}"
    except TimeoutError:
        process.kill()
        ended = "not ended"
    seconds = time.perf_counter() - began
    over.set()
    took = await working
    print(f"| {name} | {ended} | {seconds:.1f} | {len(took) / seconds:.1f} | {1000 * max(took):.0f} |", flush=True)


async def run(activations: int, limit: float, folder: Path) -> None:
    """Fill the file, and print a row for each way."""
    file = folder / "gangway.db"
    engine = Engine(f"sqlite:///{file}")
    await engine.migrate()
    database = open_database(f"sqlite:///{file}", threads=1, watched=Deadlines(MIGRATION))
    with database.begin() as connection:
        fill(connection, Size(activations=activations))
    database.dispose()
    print(f"A file of {file.stat().st_size / 10**6:.0f} MB.\n")
    print("| back-up | end | seconds | sign-ups a second | longest sign-up, ms |\n| --- | --- | --- | --- | --- |")
    await _measure("`gangway backup`", engine, limit, file, *GANGWAY, str(folder / "copy.db"))
    await _measure("`.backup`", engine, limit, file, "sqlite3", str(file), f".backup {folder}/copy2.db")
    await engine.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activations", type=int, default=400_000)
    parser.add_argument("--limit", type=float, default=120.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(run(arguments.activations, arguments.limit, Path(temporary)))
