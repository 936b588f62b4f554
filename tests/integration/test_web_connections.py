"""Clients that keep a connection without using it: each is closed in its time, and none keeps others out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import pytest
import structlog

from core.engine import Engine
from tests.support.account import Office
from tests.support.patience import PATIENCE, on_this_machine
from tests.support.site import Site, open_site
from web import connections, server

# A connection is the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHORT, MOST = 0.3, 5
LARGE = 2**16  # bytes


@pytest.fixture(autouse=True)
def _low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "WAIT", SHORT)
    monkeypatch.setattr(server, "LINGER", SHORT)
    monkeypatch.setattr(connections, "READ", SHORT)
    monkeypatch.setattr(connections, "SEND", SHORT)


@dataclass(frozen=True, kw_only=True)
class Socket:
    """A client's connection, by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def gets(self, path: str = "/healthz") -> str:
        """Ask for a page and return the answer's status line."""
        self.writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        line = (await self.reader.readuntil(b"\r\n")).decode().strip()
        length = 0
        while (header := (await self.reader.readuntil(b"\r\n")).decode().strip()) != "":
            if header.lower().startswith("content-length:"):
                length = int(header.partition(":")[2])
        await self.reader.readexactly(length)
        return line

    async def rest(self) -> bytes:
        """Return what comes until the server closes the connection."""
        received = b""
        async with asyncio.timeout(on_this_machine(10 * SHORT)):
            with suppress(ConnectionResetError):  # something was sent to it after that
                while chunk := await self.reader.read(LARGE):
                    received += chunk
        return received


class Clients:
    """Opens connections, and closes them at the end of the test."""

    def __init__(self) -> None:
        self._sockets: list[Socket] = []

    async def connect(self, site: Site, address: str = "127.0.0.1") -> Socket:
        """Open a connection from an address."""
        to = urlsplit(site.address)
        reader, writer = await asyncio.open_connection(to.hostname, to.port, local_addr=(address, 0))
        self._sockets.append(Socket(reader=reader, writer=writer))
        return self._sockets[-1]

    async def several(self, site: Site, number: int) -> list[Socket]:
        """Open so many connections from one address."""
        return [await self.connect(site) for _ in range(number)]

    async def close(self) -> None:
        """Close all connections."""
        for socket in self._sockets:
            socket.writer.transport.abort()
            with suppress(ConnectionError):
                await socket.writer.wait_closed()


@pytest.fixture
async def clients() -> AsyncIterator[Clients]:
    clients = Clients()
    yield clients
    await clients.close()


async def test_a_silent_connection_is_closed(site: Site, clients: Clients) -> None:
    socket = await clients.connect(site)
    assert await socket.rest() == b""


async def test_headers_that_come_slowly_are_not_waited_for(site: Site, clients: Clients) -> None:
    socket = await clients.connect(site)
    ending = asyncio.create_task(socket.rest())
    socket.writer.write(b"GET / HTTP/1.1\r\n")
    while not ending.done():
        socket.writer.write(b"X-More: x\r\n")
        await asyncio.wait([ending], timeout=SHORT / 5)
    assert await ending == b""


async def test_a_connection_that_asks_nothing_more_is_closed(site: Site, clients: Clients) -> None:
    socket = await clients.connect(site)
    assert await socket.gets() == "HTTP/1.1 200 OK"
    assert await socket.gets() == "HTTP/1.1 200 OK"
    assert await socket.rest() == b""


async def test_a_body_that_comes_slowly_is_answered_with_a_page_and_the_connection_closed(
    site: Site, clients: Clients
) -> None:
    socket = await clients.connect(site)
    head = "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    socket.writer.write(f"{head}Content-Length: 1000\r\n\r\n".encode())
    ending = asyncio.create_task(socket.rest())
    while not ending.done():
        socket.writer.write(b"x")
        await asyncio.wait([ending], timeout=SHORT / 5)
    answer = await ending
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"The form arrived incomplete" in answer


async def write_for_ever(socket: Socket, data: bytes) -> None:
    while True:
        socket.writer.write(data)
        await socket.writer.drain()


@pytest.mark.parametrize("body", [b"", b"some of it"])
async def test_the_body_of_a_request_that_needs_none_is_not_waited_for(
    site: Site, clients: Clients, body: bytes
) -> None:
    client = await clients.connect(site)
    client.writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n" + body)
    answer = await client.rest()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"ok\n")


async def test_a_client_that_reads_no_answers_is_given_up(site: Site, office: Office, clients: Clients) -> None:
    path = f"/s/{(await office.profile()).token}"
    socket = await clients.connect(site)
    cast("asyncio.Transport", socket.writer.transport).pause_reading()
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(write_for_ever(socket, request * 100), PATIENCE)


@pytest.fixture
def _few_of_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OF_A_CLIENT", MOST)


@pytest.mark.usefixtures("_few_of_a_client")
async def test_the_connection_that_waits_longest_makes_room_for_a_new_one_of_its_client(
    site: Site, clients: Clients
) -> None:
    elsewhere = await clients.connect(site, "127.0.0.2")
    first, second, *_ = await clients.several(site, MOST)
    assert await first.gets() == "HTTP/1.1 200 OK"  # waits from now on
    new = await clients.connect(site)
    assert await new.gets() == "HTTP/1.1 200 OK"
    assert await second.rest() == b""
    assert await first.gets() == "HTTP/1.1 200 OK"
    assert await elsewhere.gets() == "HTTP/1.1 200 OK"


@pytest.mark.usefixtures("_few_of_a_client")
async def test_connections_of_a_trusted_proxy_are_not_counted_as_one_client(engine: Engine, clients: Clients) -> None:
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        sockets = await clients.several(site, 3 * MOST)
        assert [await socket.gets() for socket in sockets] == ["HTTP/1.1 200 OK"] * len(sockets)


async def test_there_is_a_limit_for_all_clients_together(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, clients: Clients
) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: MOST)
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        waiting = [await clients.connect(site, f"127.0.0.{number}") for number in range(1, MOST + 1)]
        new = await clients.connect(site, "127.0.0.99")
        assert await new.gets() == "HTTP/1.1 200 OK"
        assert await waiting[0].rest() == b""
        assert await waiting[1].gets() == "HTTP/1.1 200 OK"


@pytest.mark.usefixtures("office")
async def test_a_connection_whose_request_is_being_answered_stays(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, clients: Clients
) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: 1)
    entered, go_on = asyncio.Event(), asyncio.Event()
    read = engine.read

    async def held(*args: object, **kwargs: object) -> object:
        entered.set()
        await go_on.wait()
        return await read(*args, **kwargs)  # type: ignore[arg-type]

    async with open_site(engine) as site:
        served = await clients.connect(site)
        monkeypatch.setattr(engine, "read", held)
        answer = asyncio.create_task(served.gets("/login"))
        await entered.wait()
        refused = await clients.connect(site)
        assert await refused.rest() == b""
        go_on.set()
        assert await answer == "HTTP/1.1 200 OK"


async def test_what_is_not_http_is_logged_in_one_line(
    site: Site, caplog: pytest.LogCaptureFixture, clients: Clients
) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(20):
            socket = await clients.connect(site)
            socket.writer.write(b"GET / HTTP/1.1\r\nContent-Length: minus one\r\n\r\n")
            assert (await socket.rest()).startswith(b"HTTP/1.0 400 ")
    assert [line for line in lines if line["event"] == "clients refused"] == [
        {
            "event": "clients refused",
            "log_level": "warning",
            "reason": "requests that are not HTTP",
            "number": 1,
        }
    ]
    assert not caplog.records
