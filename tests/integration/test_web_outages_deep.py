"""Real faults of real databases under the pages: what is said, what is kept, and that all is exact afterwards."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.engine import Engine
from tests.conftest import migrated
from tests.support.account import Office, an_office
from tests.support.invariants import faults
from tests.support.patience import PATIENCE
from tests.support.site import Answer, Site, open_site, tally
from tests.support.unsteady_postgres import UnsteadyServer

pytestmark = pytest.mark.deep  # starts servers, and waits for deadlines

PEOPLE = 12


@dataclass(frozen=True, kw_only=True)
class Place:
    """Pages on a database that can fail, with an office in it."""

    engine: Engine
    office: Office
    site: Site

    async def readiness(self) -> str:
        """What /readyz says of the database."""
        said: str = (await self.site.visitor().get("/readyz")).json()["database"]
        return said

    async def says(self, cause: str) -> None:
        """Wait until /readyz names a cause."""
        async with asyncio.timeout(PATIENCE):
            while cause not in await self.readiness():
                await asyncio.sleep(0.05)  # the server is another process: there is nothing here to wait for

    async def people_sign_up(self, during: Callable[[], Awaitable[None]], limit: int = 50) -> None:
        """Let people sign up while something happens; whoever isn't served sends the form again until they are.

        Nobody is lost, nobody has two accounts, nobody is told of a fault, and the limit holds.
        """
        token = (await self.office.profile(limit=str(limit))).token
        visitors = [self.site.visitor() for _ in range(PEOPLE)]
        forms = [await visitor.open_link(token) for visitor in visitors]
        statuses: set[int] = set()

        async def send(number: int) -> Answer:
            while True:
                answer = await visitors[number].fill(forms[number], f"person{number}@example.com")
                statuses.add(answer.status)
                if answer.status != 503:
                    return answer
                await asyncio.sleep(0.1)  # as Retry-After asks, but sooner

        async with asyncio.timeout(3 * PATIENCE):
            happening = asyncio.ensure_future(during())
            answers = await asyncio.gather(*map(send, range(PEOPLE)))
            await happening
        served = sum(answer.status == 303 for answer in answers)
        assert statuses <= {303, 410, 503}
        assert served == min(PEOPLE, limit)
        assert (await tally(self.engine)).learners == served
        assert await self.engine.read(faults) == []


@pytest.fixture
async def on_postgresql(unsteady_server: UnsteadyServer) -> AsyncIterator[Place]:
    """Pages on a server of the test's own, as a user without special rights."""
    unsteady_server.execute("CREATE ROLE gangway LOGIN PASSWORD 'secret'", "CREATE DATABASE gangway OWNER gangway")
    url = unsteady_server.url_of("gangway", "secret", "gangway")
    await asyncio.to_thread(migrated, url)
    async for place in place_on(url):
        yield place


async def place_on(url: str) -> AsyncIterator[Place]:
    engine = Engine(url)
    try:
        async with open_site(engine) as site:
            yield Place(engine=engine, office=await an_office(engine), site=site)
    finally:
        await engine.close()


async def test_a_killed_server_loses_nothing(on_postgresql: Place, unsteady_server: UnsteadyServer) -> None:
    async def kill_and_start() -> None:
        unsteady_server.kill()
        await on_postgresql.says("can't be reached")
        await asyncio.to_thread(unsteady_server.start)

    await on_postgresql.people_sign_up(kill_and_start, limit=7)
    await on_postgresql.says("ok")


async def test_a_frozen_server_loses_nothing(on_postgresql: Place, unsteady_server: UnsteadyServer) -> None:
    async def freeze_and_thaw() -> None:
        unsteady_server.freeze()
        await on_postgresql.says("doesn't answer in time")
        unsteady_server.thaw()

    await on_postgresql.people_sign_up(freeze_and_thaw, limit=7)
    await on_postgresql.says("ok")


async def test_a_read_only_server_is_named_and_its_pages_can_be_read(
    on_postgresql: Place, unsteady_server: UnsteadyServer
) -> None:
    token = (await on_postgresql.office.profile()).token

    async def read_only() -> None:
        unsteady_server.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
        await on_postgresql.says("is read-only")
        assert (await on_postgresql.site.visitor().get(f"/s/{token}")).status == 200
        with unsteady_server.connect() as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("ALTER SYSTEM RESET default_transaction_read_only")
            connection.execute("SELECT pg_reload_conf()")

    await on_postgresql.people_sign_up(read_only)
    await on_postgresql.says("ok")


async def test_a_server_without_connections_is_named(on_postgresql: Place, unsteady_server: UnsteadyServer) -> None:
    """All are taken by others, and Gangway has just lost its own."""

    async def use_up() -> None:
        unsteady_server.execute("ALTER ROLE gangway CONNECTION LIMIT 0", *END_CONNECTIONS)
        await on_postgresql.says("has no connection left")
        unsteady_server.execute("ALTER ROLE gangway CONNECTION LIMIT -1")

    await on_postgresql.people_sign_up(use_up)
    await on_postgresql.says("ok")


async def test_a_locked_row_holds_up_only_those_who_need_it(
    on_postgresql: Place, unsteady_server: UnsteadyServer
) -> None:
    async def lock() -> None:
        token = (await on_postgresql.office.profile()).token
        with unsteady_server.connect("gangway") as other, other.transaction():
            other.execute("SELECT FROM profile FOR UPDATE")
            assert (await on_postgresql.site.visitor().get("/login")).status == 200
            await on_postgresql.says("ok")
            assert (await on_postgresql.site.visitor().sign_up(token, "held.up@example.com")).status == 503
            await on_postgresql.says("ok")

    await on_postgresql.people_sign_up(lock)


END_CONNECTIONS = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gangway'",)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[None]:
    """Make a folder a disk of so many MiB; skip the test where that isn't possible."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "none", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("making a small disk takes the right to mount (root)")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB."""
    with ExitStack() as stack:
        stack.enter_context(small_disk(tmp_path, 4))
        yield tmp_path


@pytest.fixture
async def on_sqlite(disk: Path) -> AsyncIterator[Place]:
    """Pages on a file on a small disk."""
    await asyncio.to_thread(migrated, url := f"sqlite:///{disk}/gangway.db")
    async for place in place_on(url):
        yield place


def fill(ballast: Path) -> None:
    """Leave no room."""
    with ballast.open("ab", buffering=0) as file:
        for size in (2**16, 2**12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


async def test_a_full_disk_is_named_and_loses_nothing(on_sqlite: Place, disk: Path) -> None:
    async def full() -> None:
        await asyncio.to_thread(fill, disk / "ballast")
        await on_sqlite.says("has no space left on its disk")
        (disk / "ballast").unlink()

    await on_sqlite.people_sign_up(full)
    await on_sqlite.says("ok")


@pytest.fixture
async def on_immutable_file(tmp_path: Path) -> AsyncIterator[Place]:
    """Pages on a file on an ordinary disk, which can make files immutable."""
    await asyncio.to_thread(migrated, url := f"sqlite:///{tmp_path}/gangway.db")
    try:
        async for place in place_on(url):
            yield place
    finally:
        make_immutable(tmp_path, on=False)


def make_immutable(folder: Path, *, on: bool) -> bool:
    """Let nobody change a database's files, root included, whoever has them open; return whether that is possible.

    Not the memory that processes share: a process that writes there would be killed by SIGBUS.
    """
    command = ["chattr", "+i" if on else "-i", *(str(folder / f"gangway.db{each}") for each in ("", "-wal"))]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


async def test_a_file_that_became_read_only_is_named_and_loses_nothing(
    on_immutable_file: Place, tmp_path: Path
) -> None:
    async def read_only() -> None:
        if not await asyncio.to_thread(make_immutable, tmp_path, on=True):
            pytest.skip("making a file immutable takes root, and a disk that knows chattr +i")
        await on_immutable_file.says("can't be written")
        assert await asyncio.to_thread(make_immutable, tmp_path, on=False)

    await on_immutable_file.people_sign_up(read_only)
    await on_immutable_file.says("ok")
