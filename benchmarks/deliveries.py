"""`make deliveries [DATABASE=sqlite]`: kill processes that send what is due, again and again, and count what arrives.

A thousand digests, reminders and e-mails are due at once; four processes share a PostgreSQL, or one has a SQLite file.
GANGWAY_KILLS changes how many kills there are. It prints a Markdown row for each kind, and ends with 1 if anything came
twice, or is missing without being listed as unknown.
"""

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from benchmarks.weather.postgres import Server
from core import logs
from tests.support.deliveries import Kills, Outcome, deliveries

NUMBER = 1000
KILLS = int(os.environ.get("GANGWAY_KILLS", "30"))
LONGEST_LIFE = 5.0  # seconds
ENDS_WITHIN = 1800.0  # seconds: what a killed process was sending is waited for, and repeated later and later
PROCESSES = {"sqlite": 1, "postgresql": 4}
HEAD = "| what | database | due | arrived | missing | unknown | repeated with a note | twice |\n" + "| --- " * 8 + "|"


async def deliver(database: str, folder: Path) -> Mapping[str, Outcome]:
    """Try it on one database."""
    if database == "sqlite":
        return await _deliver(database, f"sqlite:///{folder}/gangway.db", folder)
    server = Server(folder)
    await server.create()
    try:
        return await _deliver(database, server.url, folder)
    finally:
        await server.kill()


async def _deliver(database: str, url: str, folder: Path) -> Mapping[str, Outcome]:
    kills = Kills(processes=PROCESSES[database], number=KILLS, longest_life=LONGEST_LIFE)
    async with deliveries(folder, url, NUMBER) as at:
        began = time.monotonic()
        await at.survive(kills, Random())  # noqa: S311 - nothing secret
        killed = time.monotonic()
        while not await at.due_is_sent(ENDS_WITHIN):
            await at.watch(1)
        ended = time.monotonic()
        print(
            f"{database}: {kills.processes} processes, {kills.number} kills in {killed - began:.0f} s, "
            f"all was sent {ended - killed:.0f} s later",
            file=sys.stderr,
        )
        return await at.judge()


def main() -> None:
    """Read the arguments, try it, and print what arrived."""
    parser = argparse.ArgumentParser(prog="make deliveries", description=__doc__)
    parser.add_argument("--database", default="", help="sqlite or postgresql")
    only = parser.parse_args().database
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    logs.configure(level="error", style="console")
    print(HEAD)
    wrong = False
    for database in PROCESSES:
        if only in ("", database):
            with tempfile.TemporaryDirectory() as folder:
                found = asyncio.run(deliver(database, Path(folder)))
            for what, it in found.items():
                cells = (what, database, it.due, it.arrived, it.missing, it.unknown, it.doubted, it.twice)
                print(f"| {' | '.join(map(str, cells))} |", flush=True)
                wrong |= bool(it.missing or it.twice)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
