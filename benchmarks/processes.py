"""Whether a second web process on the same PostgreSQL doubles the sign-ups, where hashing takes most of the time.

`python -m benchmarks.processes [--people 60]` starts `gangway web` twice, each held to a core of its own, and lets
people sign up by real HTTP with hashes as they really are: in turns through the first process alone, and through both
at the same time. Other programs on the machine take time from both, so what counts is the median of the pairs, and the
CPU time of a sign-up, which must not grow.
"""

import argparse
import asyncio
import os
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.costs import do, partner
from benchmarks.cpu import TICKS, cpu_of_postgresql, postmaster
from core import logs
from core.config import SANDBOX
from core.engine import Engine
from core.passwords import HASHER
from core.services import belonging
from tests.support.account import an_office
from tests.support.postgres import running_server
from tests.support.program import running
from tests.support.site import SECRET

ROUNDS = 5
IN_FLIGHT = 8  # for each process
PORTS = (18461, 18462)


@dataclass(frozen=True, kw_only=True)
class Web:
    """A web process on a core of its own, and its visitors."""

    number: int
    visitors: Process

    @property
    def cpu(self) -> float:
        """Its CPU seconds so far."""
        fields = Path(f"/proc/{self.number}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True, kw_only=True)
class Took:
    """What the sign-ups of a round took: by the clock, and CPU seconds of the web processes and of PostgreSQL."""

    people: int
    seconds: float
    web: float
    database: float

    @property
    def rate(self) -> float:
        """Sign-ups a second."""
        return self.people / self.seconds

    @property
    def cpu(self) -> float:
        """CPU milliseconds of a sign-up."""
        return 1000 * (self.web + self.database) / self.people


def hold(process: int, core: int) -> None:
    """Hold all threads of a process to a core; those that it makes later inherit that."""
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


@asynccontextmanager
async def serving(folder: Path, database_url: str, token: str) -> AsyncIterator[list[Web]]:
    """Run the web processes, and visitors of each."""
    async with AsyncExitStack() as stack:
        webs = []
        for core, port in zip(sorted(os.sched_getaffinity(0)), PORTS, strict=False):
            settings = {"DATABASE_URL": database_url, "WEB_PORT": str(port), "SECRET_KEY": SECRET}
            program = await stack.enter_async_context(running(folder, "web", TRUSTED_PROXIES="127.0.0.1", **settings))
            await program.prints("Gangway is running")
            hold(program.process.pid, core)
            visitors = await stack.enter_async_context(
                partner("benchmarks.visitors", program.pages, f"/s/{token}", str(IN_FLIGHT))
            )
            webs.append(Web(number=program.process.pid, visitors=visitors))
        yield webs


async def sign_up(webs: Sequence[Web], first: int, people: int, main_process: int | None) -> Took:
    """Let new people sign up, as many through each process."""
    each = people // len(webs)
    shares = [[first + each * place, first + each * (place + 1)] for place in range(len(webs))]
    for step in ("form page again", "sign-up"):
        spent, database, began = sum(web.cpu for web in webs), cpu_of_postgresql(main_process), time.monotonic()
        await asyncio.gather(
            *(do(web.visitors, step=step, visitors=share) for web, share in zip(webs, shares, strict=True))
        )
    return Took(
        people=people,
        seconds=time.monotonic() - began,
        web=sum(web.cpu for web in webs) - spent,
        database=cpu_of_postgresql(main_process) - database,
    )


async def a_link(database_url: str) -> str:
    """Set an account up in an empty database, and return the token of a link without a limit."""
    engine = Engine(database_url)
    await engine.migrate()
    office = await an_office(engine)
    await office.ask_no_proof()
    token = (await office.profile(limit="unlimited")).token
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    await engine.close()
    return token


async def measure(database_url: str, people: int, folder: Path) -> list[tuple[Took, Took]]:
    """Return what one process and what both took, round by round."""
    token, engine = await a_link(database_url), Engine(database_url)
    main_process = await engine.read(postmaster)
    await engine.close()
    rounds = []
    async with serving(folder, database_url, token) as webs:
        await sign_up(webs, 0, 2 * IN_FLIGHT, main_process)
        for number in range(1, ROUNDS + 1):
            one = await sign_up(webs[:1], 10_000 * number, people, main_process)
            rounds.append((one, await sign_up(webs, 10_000 * number + 5_000, people, main_process)))
    return rounds


def bare_hash() -> float:
    """Return the CPU milliseconds of a hash by itself."""
    spent = []
    for _ in range(2 * ROUNDS):
        before = time.process_time()
        HASHER.hash("four quiet words here")
        spent.append(time.process_time() - before)
    return 1000 * median(spent)


def main() -> None:
    """Measure, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60, help="in each half of each of the rounds")
    given = parser.parse_args()
    logs.configure(level="error", style="console")
    with tempfile.TemporaryDirectory() as folder, running_server() as url:
        rounds = asyncio.run(measure(url, given.people, Path(folder)))
    for name, place in (("one process", 0), ("two processes", 1)):
        took = [each[place] for each in rounds]
        rate, cpu = median(each.rate for each in took), median(each.cpu for each in took)
        print(f"{name:14} {rate:.1f} a second, {cpu:.0f} CPU ms")
        if name == "one process":
            hashed = bare_hash()
            print(f"a hash itself  {hashed:.0f} CPU ms, {hashed / cpu:.2f} of a sign-up")
    ratios = sorted(both.rate / one.rate for one, both in rounds)
    print(f"ratio of rates {median(ratios):.2f} (of the rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    growth = median(both.cpu / one.cpu for one, both in rounds)
    print(f"ratio of CPU   {growth:.2f} for a sign-up, so {2 / growth:.2f} times the rate on two cores that are free")


if __name__ == "__main__":
    main()
