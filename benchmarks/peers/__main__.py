"""`make bench`, or `python -m benchmarks.peers [--python ...] [--times 100] [--rounds 5] [--in-flight 20]`.

Each peer serves in a process of its own, with SQLite, and hashes passwords at next to no cost. In each round they take
turns, and one after the other gets the same number of people, so many at the same time. What counts is the CPU time of
the server's processes (/proc, Linux), as the median of the rounds, and first of all its ratio to Gangway's: other
programs on the machine slow all of them down alike. What each does for a sign-up differs; `visits` says how.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from aiohttp import ClientConnectionError, ClientSession, DummyCookieJar, TCPConnector

from benchmarks.peers.gangway_server import PEOPLE_OF_A_LINK
from benchmarks.peers.visits import OfAllauth, OfFastApiUsers, OfGangway, OfSynapse, Visit
from tests.support.ports import free_port

HERE = Path(__file__).parent
WARM_UP = 20
STARTED_WITHIN = 120.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")
OURS = "Gangway"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A peer: what serves it, how a person signs up there, and by which path."""

    name: str
    server: tuple[str, ...]
    visit: Callable[[ClientSession, int, str], Visit]
    path: str = ""
    has_form: bool = True


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a step took in a round: CPU milliseconds of the server for each person, people a second, and their waits.

    A wait is the milliseconds from sending to the last answer.
    """

    cpu: float
    rate: float
    waits: Sequence[float]


class Running:
    """A peer's server, and the people who come to it."""

    def __init__(self, peer: Peer, pid: int, http: ClientSession, paths: Sequence[str], in_flight: int) -> None:
        self.peer = peer
        self._pid = pid
        self._http = http
        self._paths = paths
        self._in_flight = in_flight
        self._come = 0

    async def round(self, times: int) -> Mapping[str, Spent]:
        """Let so many new people sign up."""
        visits = [self._visit() for _ in range(times)]
        forms = await self._measured([visit.open_form for visit in visits])
        sign_ups = await self._measured([visit.send_form for visit in visits])
        return {"form": forms, "sign-up": sign_ups} if self.peer.has_form else {"sign-up": sign_ups}

    def _visit(self) -> Visit:
        visit = self.peer.visit(self._http, self._come, self._paths[self._come // PEOPLE_OF_A_LINK % len(self._paths)])
        self._come += 1
        return visit

    async def _measured(self, steps: Sequence[Callable[[], Awaitable[None]]]) -> Spent:
        left, waits = iter(steps), []

        async def take() -> None:
            for step in left:
                sent = time.monotonic()
                await step()
                waits.append(1000 * (time.monotonic() - sent))

        cpu, began = cpu_seconds(self._pid), time.monotonic()
        await asyncio.gather(*(take() for _ in range(self._in_flight)))
        lasted = time.monotonic() - began
        spent = 1000 * (cpu_seconds(self._pid) - cpu)
        return Spent(cpu=spent / len(steps), rate=len(steps) / lasted, waits=waits)


def peers(python: str) -> tuple[Peer, ...]:
    """Return Gangway and the peers, which run on a Python of their own."""
    adapters = HERE / "adapters"
    register = "/_matrix/client/v3/register"
    return (
        Peer(name=OURS, server=(sys.executable, "-m", "benchmarks.peers.gangway_server"), visit=OfGangway),
        Peer(
            name="allauth + invitations",
            server=(python, str(adapters / "allauth_invitations.py")),
            visit=OfAllauth,
            path="/accounts/signup/",
        ),
        Peer(
            name="fastapi-users",
            server=(python, str(adapters / "fastapi_users_app.py")),
            visit=OfFastApiUsers,
            path="/auth/register",
            has_form=False,
        ),
        Peer(name="Synapse", server=(python, str(adapters / "synapse_server.py")), visit=OfSynapse, path=register),
    )


@asynccontextmanager
async def running(peer: Peer, people: int, in_flight: int) -> AsyncIterator[Running]:
    """Start a peer's server in a folder of its own; yield when it answers."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            *peer.server, str(port), folder, str(people), stdout=PIPE, stderr=DEVNULL
        )
        try:
            assert process.stdout  # noqa: S101 - a pipe
            said = json.loads(await process.stdout.readline())
            connector = TCPConnector(limit=0)
            url = said.get("address", f"http://127.0.0.1:{port}")
            async with ClientSession(url, connector=connector, cookie_jar=DummyCookieJar()) as http:
                await until_it_answers(http)
                yield Running(peer, process.pid, http, said.get("paths", [peer.path]), in_flight)
        finally:
            process.terminate()
            await process.wait()


async def until_it_answers(http: ClientSession) -> None:
    """Return once a server answers anything."""
    async with asyncio.timeout(STARTED_WITHIN):
        while True:
            try:
                async with http.get("/"):
                    return
            except ClientConnectionError:
                await asyncio.sleep(0.1)


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process and its children so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


async def compare(chosen: Iterable[Peer], times: int, rounds: int, in_flight: int) -> Mapping[str, list[Spent]]:
    """Measure the steps of all peers in turns; return what each round took, by the names of peer and step."""
    spent: dict[str, list[Spent]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        people = WARM_UP + rounds * times
        started = [await stack.enter_async_context(running(peer, people, in_flight)) for peer in chosen]
        for each in started:
            await each.round(WARM_UP)
        for _ in range(rounds):
            for each in started:
                for step, took in (await each.round(times)).items():
                    spent[f"{each.peer.name}: {step}"].append(took)
    return spent


def table(spent: Mapping[str, Sequence[Spent]]) -> str:
    """Write the medians as a table, ratios first; what all but one in a hundred waited is of all rounds."""
    cpu = {name: median(took.cpu for took in each) for name, each in spent.items()}
    lines = ["| peer: step | of Gangway's | CPU ms | a second | 99 % within ms |", "| --- |" + " ---: |" * 4]
    for name, each in spent.items():
        ratio = cpu[name] / cpu[f"{OURS}: {name.rpartition(': ')[2]}"]
        rate = median(took.rate for took in each)
        longest = quantiles((wait for took in each for wait in took.waits), n=100)[-1]
        lines.append(f"| {name} | {ratio:.1f} | {cpu[name]:.1f} | {rate:.0f} | {longest:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Compare, and print the table with the commit that was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=".venv-peers/bin/python", help="that of the peers")
    parser.add_argument("--times", type=int, default=100, help="people in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=20, help="people at the same time")
    given = parser.parse_args()
    commit = subprocess.run(("git", "rev-parse", "--short", "HEAD"), capture_output=True, text=True, check=True)
    spent = asyncio.run(compare(peers(given.python), given.times, given.rounds, given.in_flight))
    print(f"Commit {commit.stdout.strip()}, {given.rounds} rounds of {given.times}, {given.in_flight} at a time:\n")
    print(table(spent))


if __name__ == "__main__":
    main()
