"""Clients that connect and then say nothing, or next to nothing, to a program that may open 1,024 files."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.config import SANDBOX
from core.services import belonging
from tests.support.account import Office
from tests.support.flood import Learner, Origin, an_address
from tests.support.patience import PATIENCE, on_this_machine
from tests.support.program import Program, running_with_few_files
from web.connections import LINGER, READ, WAIT

# A socket sees no difference between databases.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

FILES, SOCKETS = 1024, 1050
LONGEST = 1.0  # seconds
Source = Callable[[], str]
Sockets = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
ONE, MANY = (lambda: "127.0.0.9"), an_address
POST = (
    "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 60000\r\n\r\n"
)


@pytest.fixture
async def program(database_url: str, office: Office, tmp_path: Path) -> AsyncIterator[Program]:
    await office.engine.write(belonging.adopt, SANDBOX, office.engine.now())
    async with running_with_few_files(tmp_path, FILES, "web", DATABASE_URL=database_url) as program:
        await program.prints("Gangway is running")
        yield program


@pytest.fixture
async def sockets() -> AsyncIterator[Sockets]:
    """What the test opens, for which it needs descriptors itself; it is closed at the end."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    opened: Sockets = []
    yield opened
    for _, writer in opened:
        writer.transport.abort()
    await asyncio.gather(*(writer.wait_closed() for _, writer in opened), return_exceptions=True)


async def connect(program: Program, sockets: Sockets, number: int, source: Source, says: str = "") -> None:
    """Open so many connections and send the same through each."""
    to = urlsplit(program.pages)
    for _ in range(number):
        reader, writer = await asyncio.open_connection(to.hostname, to.port, local_addr=(source(), 0))
        writer.write(says.encode())
        sockets.append((reader, writer))


async def a_page_takes(program: Program) -> float:
    """Open the log-in page from elsewhere and return how many seconds it took."""
    learner, began = Learner(program.pages, Origin(behind_proxy=False)), time.perf_counter()
    assert (await learner.visitor.get("/login")).status == 200
    await learner.leaves()
    return time.perf_counter() - began


async def ends(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        await reader.read()


@pytest.mark.parametrize("source", [ONE, MANY], ids=["one address", "many addresses"])
@pytest.mark.parametrize("says", ["", "GET / HTTP/1.1\r\nX-Slow: ", POST], ids=["silent", "headers", "body"])
async def test_more_sockets_than_descriptors_keep_nobody_out(
    program: Program, sockets: Sockets, source: Source, says: str
) -> None:
    await connect(program, sockets, SOCKETS, source, says)
    pages = [await a_page_takes(program) for _ in range(5)]
    assert sorted(pages)[2] < on_this_machine(LONGEST)
    told = [line for line in program.output if "clients refused" in line]
    assert len(told) in (1, 2)  # one a minute
    assert len(program.output) < 20


@pytest.mark.parametrize(
    ("says", "trickle", "seconds"),
    [("", "", WAIT), ("GET / HTTP/1.1\r\n", "X-Slow: x\r\n", WAIT), (POST, "x", READ + LINGER)],
    ids=["silent", "headers", "body"],
)
async def test_slow_senders_are_dropped_in_the_documented_time(
    program: Program, sockets: Sockets, says: str, trickle: str, seconds: float
) -> None:
    await connect(program, sockets, 20, MANY, says)
    began = time.monotonic()
    dropped = asyncio.gather(*(ends(reader) for reader, _ in sockets))

    async def trickles() -> None:
        while not dropped.done():
            for _, writer in sockets:
                writer.write(trickle.encode())
            await asyncio.wait([dropped], timeout=1)

    await asyncio.wait_for(trickles(), PATIENCE + seconds)
    took = time.monotonic() - began
    assert seconds - LINGER - 1 < took < seconds + on_this_machine(2.0)


async def test_dropped_clients_make_room(program: Program, sockets: Sockets) -> None:
    await connect(program, sockets, SOCKETS, ONE)
    await asyncio.wait_for(asyncio.gather(*(ends(reader) for reader, _ in sockets)), PATIENCE + WAIT)
    assert await a_page_takes(program) < on_this_machine(LONGEST)
