"""A Bot API whose answers a test writes in advance, for what the sandbox never says: damaged, late, or none."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.support.patience import PATIENCE

Script = Callable[[web.Request], Awaitable[web.StreamResponse]]
ME = {"id": 1, "is_bot": True, "first_name": "Gangway", "username": "gangway_bot"}


def says(result: object, **headers: str) -> Script:
    """Answer with a result."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": result}, headers=headers)

    return answer


def refuses(code: int, description: str, **parameters: object) -> Script:
    """Answer as Telegram refuses a call."""

    async def answer(_request: web.Request) -> web.Response:
        refusal: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        return web.json_response(refusal | ({"parameters": parameters} if parameters else {}), status=code)

    return answer


def shows(text: str, status: int = 200) -> Script:
    """Answer with a page, as a proxy does."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=text, status=status, content_type="text/html")

    return answer


async def hangs(_request: web.Request) -> web.Response:
    """Give no answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def idles(_request: web.Request) -> web.Response:
    """Answer a poll a moment later, without updates."""
    await asyncio.sleep(0.05)
    return web.json_response({"ok": True, "result": []})


async def cuts(request: web.Request) -> web.Response:
    """Cut the connection instead of an answer."""
    assert request.transport
    request.transport.close()
    return web.Response()


class ScriptedApi:
    """Answers each call of a method with the next answer written for it, and with the last one from then on."""

    def __init__(self) -> None:
        self.answers: defaultdict[str, list[Script]] = defaultdict(lambda: [says(result=True)])
        self.answers["getMe"] = [says(ME)]
        self.answers["getMyDescription"] = [says({"description": ""})]
        self.answers["getMyShortDescription"] = [says({"short_description": ""})]
        self.answers["getUpdates"] = [idles]
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.url = ""
        self._called = asyncio.Condition()

    async def called(self, method: str, times: int) -> None:
        """Wait until a method was called so often."""
        async with asyncio.timeout(PATIENCE), self._called:
            await self._called.wait_for(lambda: len(self.of(method)) >= times)

    def of(self, method: str) -> list[dict[str, str]]:
        """What a method was called with."""
        return [asked for name, asked in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a call."""
        method = request.path.rsplit("/", 1)[-1]
        sent = await request.json() if request.content_type == "application/json" else await request.post()
        self.calls.append((method, {name: str(value) for name, value in {**request.query, **sent}.items()}))
        async with self._called:
            self._called.notify_all()
        script = self.answers[method]
        return await (script.pop(0) if len(script) > 1 else script[0])(request)


@asynccontextmanager
async def scripted_api() -> AsyncIterator[ScriptedApi]:
    """Listen."""
    api, app = ScriptedApi(), web.Application()
    app.router.add_route("*", "/{path:.*}", api.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await runner.cleanup()
