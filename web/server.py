"""The server: an application on a port, within the limits of `web/connections.py`."""

import asyncio
from typing import cast

from aiohttp import web

from web.app_keys import SETTINGS
from web.connections import LINGER, WAIT, Connections, accepted_at_once
from web.journal import Journal, ServerLog

BOTH_FAMILIES = ("0.0.0.0", "::")  # noqa: S104 - if the operator says so


class Server:
    """Serves an application; at the end, requests that are under way have `finish_within` seconds."""

    def __init__(self, app: web.Application, *, finish_within: float) -> None:
        self._app = app
        self._journal = Journal()
        self._listening: asyncio.Server | None = None
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,  # the application writes its own, without tokens
            shutdown_timeout=finish_within,
            handler_cancellation=True,  # who hangs up waits no longer; writes are committed all the same
            keepalive_timeout=WAIT,  # aiohttp counts it from the start of a connection until the headers are complete
            lingering_time=LINGER,
            logger=ServerLog(self._journal),
        )

    async def start(self, host: str, port: int, *, backlog: int | None = None) -> list[str]:
        """Listen, and return the addresses. Raises OSError if that isn't possible.

        `::` stands for all addresses of both families. Each gets a socket of its own, so that clients of IPv4 have
        their own addresses and not those in ::ffff:0:0/96.
        """
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._journal.report)
        connections = Connections(cast("web.Server", self._runner.server), self._app[SETTINGS].proxies, self._journal)
        self._listening = await loop.create_server(
            connections, BOTH_FAMILIES if host == "::" else host, port, backlog=backlog or accepted_at_once()
        )
        return [_address(listening.getsockname()) for listening in self._listening.sockets]

    async def stop(self) -> None:
        """Stop listening, and wait for the requests that are under way."""
        if self._listening:
            self._listening.close()
        await self._runner.cleanup()


def _address(name: tuple[str, int]) -> str:
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}"
