"""What a sign-up, a page and a chat step cost: SQL statements, transactions, and CPU time of the server.

`make costs`, or `python -m benchmarks.costs [--times 300] [--in-flight 20]`, on a new SQLite file and a new PostgreSQL.
Statements and transactions are those that `tests/integration/test_statements.py` holds. The CPU time is that of the
server's process, with clients in another one, and next to none for hashing passwords: the best of three rounds, since
other programs on the machine only add to it. PostgreSQL's own CPU time comes after a plus sign.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher

from benchmarks.cpu import cpu_of_postgresql, postmaster
from bot.sandbox import SANDBOX_TOKEN
from bot.sending.rate_limiter import Limits, Window
from bot.service import BotService, BotSettings
from core import logs, passwords
from core.engine import Engine
from tests.support.account import an_office
from tests.support.bot_fixture import OWNER, PAGES
from tests.support.postgres import running_server
from tests.support.site import SECRET, open_site
from tests.support.statements import Cost
from tests.support.steps import LINES, cost_of_chat, cost_of_pages

T = TypeVar("T")

ROUNDS = 3
WARM_UP = 40
STEPS = ("form page", "form page again", "sign-up", "My Courses", "log-in form", "log-in")
TAPS = ("Who joined", "‹ Profile")
IDLE_SECONDS = 3.0
NEXT_TO_NOTHING = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FAST_TYPISTS = Limits(
    replies_to_a_person=Window(messages=10_000, seconds=1.0), all_messages=Window(messages=10_000, seconds=1.0)
)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """CPU milliseconds of a step: of the server's process, and of PostgreSQL's."""

    server: float
    database: float

    def __str__(self) -> str:
        return f"{self.server:.1f}" + (f" + {self.database:.1f}" if self.database else "")


class Meter:
    """Measures the CPU time of this process, and of the PostgreSQL that an engine uses."""

    def __init__(self, postmaster: int | None) -> None:
        self._postmaster = postmaster

    async def best(self, rounds: Iterable[Callable[[], Awaitable[None]]], times: int, idle: float = 0.0) -> Spent:
        """Do rounds of so many times the same; return what the best one took, without what is spent idle anyway."""
        spent = []
        for work in rounds:
            began, server, database = time.monotonic(), time.process_time(), self._database()
            await work()
            in_vain = idle * (time.monotonic() - began)
            spent.append((time.process_time() - server - in_vain, self._database() - database))
        server, database = min(spent)
        return Spent(server=1000 * server / times, database=1000 * database / times)

    async def idle_share(self) -> float:
        """Return the share of a core that is spent without any request."""
        began = time.process_time()
        await asyncio.sleep(IDLE_SECONDS)
        return (time.process_time() - began) / IDLE_SECONDS

    def _database(self) -> float:
        """Return the CPU seconds of PostgreSQL's processes so far."""
        return cpu_of_postgresql(self._postmaster)


@asynccontextmanager
async def partner(module: str, *arguments: str) -> AsyncIterator[Process]:
    """Run a module in a process of its own, which does jobs."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, stdin=PIPE, stdout=PIPE)
    try:
        yield process
    finally:
        await process.communicate(b"")


async def do(process: Process, **job: object) -> None:
    """Give a job, and wait until it is done."""
    assert process.stdin  # noqa: S101 - a pipe
    assert process.stdout  # noqa: S101 - a pipe
    process.stdin.write(f"{json.dumps(job)}\n".encode())
    if await process.stdout.readline() != b"done\n":
        message = f"{job} failed"
        raise RuntimeError(message)


async def cpu_of_pages(engine: Engine, times: int, in_flight: int) -> Mapping[str, Spent]:
    """Measure the steps of the pages, each round with new visitors."""
    office = await an_office(engine)
    await office.ask_no_proof()
    tokens = [
        (await office.profile(name=f"Profile {number}", limit="unlimited")).token
        for number in range(WARM_UP + ROUNDS * times + 1)
    ]
    links = ",".join(f"/s/{token}" for token in tokens)
    meter = Meter(await engine.read(postmaster))
    async with (
        open_site(engine, trusted_proxies="127.0.0.1") as site,
        partner("benchmarks.visitors", site.address, links, str(in_flight)) as visitors,
    ):
        for step in STEPS:
            await do(visitors, step=step, visitors=[0, WARM_UP])
        groups = [[first, first + times] for first in range(WARM_UP, WARM_UP + ROUNDS * times, times)]
        return {
            step: await meter.best([partial(do, visitors, step=step, visitors=group) for group in groups], times)
            for step in STEPS
        }


async def cpu_of_chat(engine: Engine, times: int) -> Mapping[str, Spent]:
    """Measure lines and taps, less what an idle bot costs in the same time."""
    await (await an_office(engine)).profile()
    meter = Meter(await engine.read(postmaster))
    async with partner("benchmarks.talker") as talker:
        assert talker.stdout  # noqa: S101 - a pipe
        settings = bot_settings((await talker.stdout.readline()).decode().strip())
        service = BotService(engine, settings, announce=print)
        service.start()
        await do(talker, line="/start", times=1)
        await do(talker, line="/profiles", times=10)
        idle = await meter.idle_share()
        steps = {line: partial(do, talker, line=line, times=times) for line in LINES}
        spent = {line: await meter.best(ROUNDS * [step], times, idle) for line, step in steps.items()}
        await do(talker, line="/profile 1", times=1)
        spent["tap"] = await meter.best(ROUNDS * [partial(do, talker, tap=TAPS, times=times)], times, idle)
        await service.stop()
    return spent


def bot_settings(sandbox_url: str) -> BotSettings:
    """Return what the bot needs to work with a sandbox."""
    return BotSettings(
        token=SANDBOX_TOKEN,
        api_url=sandbox_url,
        public_url=PAGES,
        public=False,
        secret_key=SECRET,
        owner_telegram_id=OWNER,
        limits=FAST_TYPISTS,
    )


async def in_new_database(url: str, work: Callable[[Engine], Awaitable[T]]) -> T:
    """Run work on an empty database."""
    engine = Engine(url)
    await engine.migrate()
    try:
        return await work(engine)
    finally:
        await engine.close()


def table(costs: Mapping[str, Cost], spent: Mapping[str, Mapping[str, Spent]]) -> str:
    """Write what was counted and measured as a table."""
    lines = [
        "| step | reads | writes | statements | " + " | ".join(f"{name}: CPU ms" for name in spent) + " |",
        "| --- |" + " ---: |" * (3 + len(spent)),
    ]
    for step, cost in costs.items():
        cells = " | ".join(str(steps[step]) for steps in spent.values())
        lines.append(f"| {step} | {cost.reads} | {cost.writes} | {cost.statements} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Count and measure on both databases; each time on a new one, so that no update's number was there before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300, help="of a step in each round (at most 300: a link's limit)")
    parser.add_argument("--in-flight", type=int, default=20, help="requests at the same time")
    given = parser.parse_args()
    logs.configure(level="error", style="console")
    passwords.HASHER = NEXT_TO_NOTHING
    pages = partial(cpu_of_pages, times=given.times, in_flight=given.in_flight)
    chat = partial(cpu_of_chat, times=max(len(TAPS), given.times // 5))
    costs: dict[str, Cost] = {}
    spent: dict[str, dict[str, Spent]] = {"SQLite": {}, "PostgreSQL": {}}
    for count in (cost_of_pages, cost_of_chat):
        with _new_file() as url:
            costs |= asyncio.run(in_new_database(url, count))
    for name, new_database in (("SQLite", _new_file), ("PostgreSQL", running_server)):
        for spend in (pages, chat):
            with new_database() as url:
                spent[name] |= asyncio.run(in_new_database(url, spend))
    print(table(costs, spent))


@contextmanager
def _new_file() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/gangway.db"


if __name__ == "__main__":
    main()
