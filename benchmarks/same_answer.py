"""Whether the time of an answer tells that an address has an account: each door, known and unknown in turns.

`python -m benchmarks.same_answer [--samples 200]`, on a new SQLite file. The figure is how often a known address takes
longer than an unknown one (the statistic of Mann and Whitney): 0.5 if times tell nothing. With 200 samples of each,
chance alone moves it by less than 0.09 in 997 of 1,000 runs (three standard deviations).
"""

import argparse
import asyncio
import math
import statistics
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

from core import logs, passwords
from core.engine import Engine
from core.services import pending_sign_ups
from tests.support.account import an_office
from tests.support.clock import Clock
from tests.support.doors import Door, add_accounts, doors_of, open_doors
from tests.support.site import PASSWORD, Site

WARM_UP = 5
DEVIATIONS = 3


class UnexpectedAnswer(Exception):  # noqa: N818 - what it says
    """A door answered by an error or a limit."""


def longer(known: Sequence[float], unknown: Sequence[float]) -> float:
    """Return the share of pairs in which the known one took longer; ties count half."""
    ordered = sorted(unknown)
    below = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in known) / 2
    return below / (len(known) * len(unknown))


def noise(samples: int) -> float:
    """Return by how much chance alone moves that share: three standard deviations."""
    return DEVIATIONS * math.sqrt((2 * samples + 1) / (12 * samples * samples))


async def _timed(site: Site, door: Door, address: str) -> float:
    """Return the milliseconds from the request's first byte to the answer's last."""
    visitor = site.visitor()
    form = await door.open(visitor)
    began = time.perf_counter()
    answer = await door.enter(visitor, form, address)
    taken = 1000 * (time.perf_counter() - began)
    await visitor.http.close()
    if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004 - HTTP
        raise UnexpectedAnswer(door.name, answer.status)
    return taken


async def _measure(engine: Engine, clock: Clock, samples: int) -> bool:
    """Measure all doors and print the figures; return whether all are within noise."""
    office, numbers, is_alike = await an_office(engine), range(samples + WARM_UP), True
    doors = await doors_of(office)
    await add_accounts(office, [f"known{number:03}@example.com" for number in numbers], passwords.HASHER.hash(PASSWORD))
    print(f"{'door':<26} {'known':>9} {'unknown':>9}   longer (0.5 ± {noise(samples):.2f} is noise)")
    async with open_doors(office, with_mail=True) as site:
        for door in doors:
            times: dict[str, list[float]] = {"known": [], "other": []}
            for number in numbers:
                for kind in sorted(times, reverse=bool(number % 2)):
                    clock.advance(hours=3)  # so that no limit is reached
                    await engine.write(pending_sign_ups.release_expired, engine.now())
                    times[kind].append(await _timed(site, door, f"{kind}{number:03}@example.com"))
            known, unknown = times["known"][WARM_UP:], times["other"][WARM_UP:]
            share = longer(known, unknown)
            is_alike = is_alike and abs(share - 0.5) <= noise(samples)
            medians = f"{statistics.median(known):6.2f} ms {statistics.median(unknown):6.2f} ms"
            print(f"{door.name:<26} {medians}   {share:.3f}", flush=True)
    return is_alike


async def main() -> int:
    """Return 0 if no door's times tell anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    logs.configure(level="error", style="console")
    samples, clock = parser.parse_args().samples, Clock()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(f"sqlite:///{Path(folder) / 'gangway.db'}", clock=clock)
        await engine.migrate()
        try:
            return 0 if await _measure(engine, clock, samples) else 1
        finally:
            await engine.close()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
