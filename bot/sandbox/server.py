"""The server of the sandbox: the Bot API and the chat page on one loopback address."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.api.call_log import CallLog
from bot.sandbox.api.endpoint import BotApiEndpoint
from bot.sandbox.api.faults import Faults
from bot.sandbox.page.calls import CallsPage
from bot.sandbox.page.chat import ChatPage
from bot.sandbox.page.event_stream import EventStream
from bot.sandbox.page.forwards import ForwardPage
from bot.sandbox.page.groups import GroupPage
from bot.sandbox.page.inline import InlinePage
from bot.sandbox.page.messages import MessagePage
from bot.sandbox.page.mini_apps import MiniAppPage
from bot.sandbox.page.same_origin import add_security_headers, reject_foreign_requests
from bot.sandbox.world.store import Store
from bot.sandbox.world.webhook_settings import DeliveryOptions
from bot.sandbox.world.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.sandbox.api.call_log import CallRecord

SANDBOX_TOKEN = "1000000000:SANDBOX-not-a-secret-talks-to-this-computer"  # noqa: S105 - valid for the sandbox only

_HOST = "127.0.0.1"
_LARGEST_REQUEST = 51 * 2**20  # Telegram accepts files of 50 MB
_STOP_SECONDS = 1.0


class Sandbox:
    """A stand-in for Telegram on this computer: a Bot API server and a page to chat with the bot."""

    def __init__(
        self,
        *,
        port: int,
        owner_id: int = 1001,
        state_file: Path | None = None,
        token: str = SANDBOX_TOKEN,
        webhook_routes: Mapping[str, str] | None = None,
        webhook_delay: float = 0.5,
        webhook_answer_seconds: float = 60.0,
        mini_app: str | None = None,
    ) -> None:
        self._port = port
        self._owner_id = owner_id
        self._state_file = state_file
        self._token = token
        self._mini_app = mini_app
        self._delivery = DeliveryOptions(
            routes=webhook_routes or {}, first_delay=webhook_delay, answer_seconds=webhook_answer_seconds
        )
        self._runner: web.AppRunner | None = None
        self._world: World | None = None
        self.call_log = CallLog()
        self.faults = Faults()

    @property
    def calls(self) -> list[CallRecord]:
        """The bot's newest calls, oldest first."""
        return self.call_log.newest()

    @property
    def url(self) -> str:
        """The URL of the chat page and of the Bot API."""
        return f"http://{_HOST}:{self._port}"

    async def start(self) -> None:
        """Listen on the loopback address; a port in use raises OSError."""
        self._world = World(
            Store(self._state_file),
            bot=_bot(self._token),
            owner_id=self._owner_id,
            clock=time.time,
            repeats=self.faults.take_repeat,
            delivery=self._delivery,
        )
        self._runner = web.AppRunner(self._application(self._world), access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _HOST, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = self._runner.addresses[0][1]
        self._world.webhook.start()

    async def stop(self) -> None:
        """End long polls and streams immediately, and close the state file."""
        runner, world, self._runner, self._world = self._runner, self._world, None, None
        if runner is None or world is None:
            return
        self.faults.release()
        await world.webhook.stop()
        world.end_waiting_requests()
        await runner.cleanup()
        world.store.close()

    def _application(self, world: World) -> web.Application:
        application = web.Application(middlewares=[reject_foreign_requests], client_max_size=_LARGEST_REQUEST)
        application.on_response_prepare.append(add_security_headers)
        telegram = BotApiEndpoint(world, self._token, self.call_log, self.faults)
        application.router.add_route("*", "/bot{token}/{method}", telegram.call)
        application.router.add_get("/file/bot{token}/{path:.+}", telegram.download)
        mini_apps = MiniAppPage(world, self._token, self._mini_app)
        chat_pages = (ChatPage(world), MessagePage(world), ForwardPage(world), EventStream(world), mini_apps)
        for page in (*chat_pages, GroupPage(world), InlinePage(world), CallsPage(self.call_log, self.faults)):
            application.add_routes(page.routes())
        return application


def _bot(token: str) -> dict[str, object]:
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": "Gangway", "username": "gangway_sandbox_bot"}
