"""Connections of clients: how many there may be, and how long each may keep the server waiting."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, IPv6Network
from typing import cast

from aiohttp import web

from core.resources import most_files
from web.client_address import find_client
from web.journal import Journal

WAIT = 20.0  # seconds for a request's headers, and between two requests
READ = 30.0  # for its body
LINGER = 5.0  # for the rest of a body that was answered before all of it came
SEND = 30.0  # for the client to take an answer, or what the kernel doesn't hold of it
MOST_OF_A_CLIENT = 250
MOST = 10_000
BACKLOG = 128  # connections that asyncio accepts in one step, and then closes no earlier than two steps later
OURS = 144  # descriptors for the database, Telegram and files
FEWEST_OF_OURS = 44  # of a program that has hardly begun
FEWEST = 4


def accepted_at_once() -> int:
    """Return how many connections may be accepted in one step: no more than there are descriptors for."""
    return min(BACKLOG, max(2, (most_files() - 32) // 7))


def most_connections() -> int:
    """Return how many connections this process can hold at the same time, by its limit of open files."""
    files = most_files()
    ours = min(OURS, FEWEST_OF_OURS + files // 10)
    return max(FEWEST, min(MOST, files - ours - 2 * accepted_at_once()))


class Connections:
    """All connections of a server. If there are too many, the one that has waited longest is closed.

    A connection waits from its start until its first request is read, and again after each answer. Connections of
    trusted proxies carry many clients, so only their total is limited.
    """

    def __init__(
        self,
        make_protocol: Callable[[], asyncio.Protocol],
        trusted: Collection[IPv4Network | IPv6Network],
        journal: Journal,
    ) -> None:
        self._make_protocol = make_protocol
        self._trusted = trusted
        self._journal = journal
        self._most = most_connections()
        self._all: OrderedDict[Connection, None] = OrderedDict()  # the longest waiting first
        self._by_client: dict[object, OrderedDict[Connection, None]] = {}

    def __call__(self) -> "Connection":
        """Return the protocol for a new connection, as asyncio asks for it."""
        return Connection(self._make_protocol(), self)

    def add(self, connection: "Connection", remote: str) -> None:
        """Count a new connection, and close another one, or this one if none waits, where there are too many."""
        client = find_client(remote, (), ())
        connection.groups = [self._all]
        if not any(client.address in network for network in self._trusted):
            connection.client = client.network
            connection.groups.append(self._by_client.setdefault(client.network, OrderedDict()))
        for group in connection.groups:
            group[connection] = None
        if len(connection.groups[-1]) > MOST_OF_A_CLIENT and connection.client:
            self._close_one(connection.groups[-1], "too many connections of one client")
        if len(self._all) > self._most:
            self._close_one(self._all, "too many connections in all")

    def remove(self, connection: "Connection") -> None:
        """Count a connection no longer."""
        for group in connection.groups:
            group.pop(connection, None)
        connection.groups = []
        if connection.client in self._by_client and not self._by_client[connection.client]:
            del self._by_client[connection.client]

    def count(self, event: str) -> None:
        """Count an event for the log."""
        self._journal.count(event)

    def _close_one(self, group: OrderedDict["Connection", None], reason: str) -> None:
        self._journal.count(reason)
        longest = next(each for each in group if not each.is_served)  # the new one, if no other
        self.remove(longest)
        longest.abort()


class Connection(asyncio.Protocol):
    """One connection: passes everything on to aiohttp's protocol, and is aborted if the client doesn't read."""

    def __init__(self, protocol: asyncio.Protocol, connections: Connections) -> None:
        self._protocol = protocol
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._sending: asyncio.TimerHandle | None = None
        self.client: object = None
        self.groups: list[OrderedDict[Connection, None]] = []
        self.is_served = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start, if there is room."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._connections.add(self, peer[0] if peer else "")
        if transport.is_closing():
            self._protocol = asyncio.Protocol()  # aiohttp doesn't hear of it
            return
        self._transport.set_write_buffer_limits(high=0)  # any unread answer pauses writing
        self._protocol.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_timer()
        self._connections.remove(self)
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass on what came in."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on that the client sends nothing more."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        self._sending = asyncio.get_running_loop().call_later(SEND, self._give_up)
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Go on: the client has read all."""
        self._stop_timer()
        self._protocol.resume_writing()

    def serve(self) -> None:
        """Note that a request is read completely: until it is answered, this connection must not be closed."""
        self.is_served = True

    def wait(self) -> None:
        """Note that the request is answered: from now on the connection waits for the next one."""
        self.is_served = False
        for group in self.groups:
            group.move_to_end(self)

    def abort(self) -> None:
        """Close the connection at once, without sending what is left."""
        if self._transport:
            self._transport.abort()

    def _give_up(self) -> None:
        self._connections.count("answers not read")
        self.abort()

    def _stop_timer(self) -> None:
        if self._sending:
            self._sending.cancel()
            self._sending = None


def connection_of(request: web.BaseRequest) -> Connection | None:
    """Return a request's connection; None if it is lost."""
    protocol = request.transport.get_protocol() if request.transport else None
    return protocol if isinstance(protocol, Connection) else None


async def read_body(request: web.Request, most: int) -> bytes:
    """Read a body of at most so many bytes. Raises 408, 413, and web.RequestPayloadError if it is cut off."""
    body = bytearray()
    try:
        async with asyncio.timeout(READ):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise web.HTTPRequestEntityTooLarge(most, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    if connection := connection_of(request):
        connection.serve()
    return bytes(body)
