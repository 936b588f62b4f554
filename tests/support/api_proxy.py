"""A gate before the sandbox's Bot API: holds calls of a method, refuses them, or loses their answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import ClientSession, web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]


class Proxy:
    """Listens where a bot looks for the Bot API, lets a handler answer, and can pass calls on to a sandbox."""

    def __init__(self, sandbox_url: str, handle: Handler) -> None:
        self._sandbox_url = sandbox_url
        self._handle = handle

    async def start(self) -> str:
        """Listen; return the address to use as BOT_API_URL."""
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._client = ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()
        await self._client.close()

    async def let_work(self, request: web.Request, work: Handler) -> web.Response:
        """Give up a poll with its client, as the sandbox would see it; other calls have their effect all the same."""
        if request.path.endswith("/getUpdates"):
            return await work(request)
        return await asyncio.shield(work(request))

    async def forward(self, request: web.Request) -> web.Response:
        """Pass a call on; return the sandbox's answer."""
        body = await request.read()
        headers = {"Content-Type": request.headers.get("Content-Type", "")}
        async with self._client.request(
            request.method, f"{self._sandbox_url}{request.path_qs}", data=body, headers=headers
        ) as answer:
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)


class Gate:
    """Passes Bot API calls on to a sandbox, all but those of a method that is held."""

    def __init__(self, sandbox_url: str) -> None:
        self._proxy = Proxy(sandbox_url, self._pass)
        self.start = self._proxy.start
        self._open = asyncio.Event()
        self._open.set()
        self._held_method = ""
        self._refusals: dict[str, dict[str, object]] = {}
        self._losing = ""
        self.someone_waits = asyncio.Event()
        self.refused = asyncio.Event()

    def hold(self, method: str) -> None:
        """Hold the calls of a method from now on."""
        self._held_method = method
        self.someone_waits.clear()
        self._open.clear()

    def let_through(self) -> None:
        """Let the held calls through, and all that follow."""
        self._open.set()

    def refuse_once(self, method: str, code: int, description: str, **parameters: object) -> None:
        """Answer the next call of a method as Telegram refuses one."""
        refusal: dict[str, object] = {"ok": False, "error_code": code, "description": description}
        self._refusals[method] = refusal | ({"parameters": parameters} if parameters else {})

    def lose_answer_once(self, method: str) -> None:
        """Pass the next call of a method on, and cut the line before its answer."""
        self._losing = method

    async def stop(self) -> None:
        """Stop listening."""
        self.let_through()
        await self._proxy.stop()

    async def _pass(self, request: web.Request) -> web.Response:
        return await self._proxy.let_work(request, self._forward)

    async def _forward(self, request: web.Request) -> web.Response:
        await request.read()
        if request.path.endswith(f"/{self._held_method}") and not self._open.is_set():
            self.someone_waits.set()
            await self._open.wait()
        if refusal := self._refusals.pop(request.path.rsplit("/", 1)[-1], None):
            self.refused.set()
            return web.json_response(refusal, status=int(str(refusal["error_code"])))
        told = await self._proxy.forward(request)
        if self._losing and request.path.endswith(f"/{self._losing}") and request.transport:
            self._losing = ""
            request.transport.close()
        return told
