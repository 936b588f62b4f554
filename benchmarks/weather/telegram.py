"""A line between the program and the sandbox's Bot API, which fails in ways that the sandbox itself doesn't know."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import ClientSession, web

Answer: TypeAlias = Callable[[web.Request], Awaitable[web.Response | None]]
"""What is answered instead of Telegram; None: Telegram answers."""


async def _as_it_is(_request: web.Request) -> None:
    return None


class Line:
    """Passes Bot API calls on to a sandbox, unless something else is set to answer."""

    def __init__(self, sandbox_url: str) -> None:
        self._sandbox_url = sandbox_url
        self.answer: Answer = _as_it_is
        self.loses = ""  # the method whose answers are lost
        self.breaks = ""  # the text of a message to break, so that it can't be parsed
        self.calls = 0  # since the last fault began

    def mend(self) -> None:
        """Let everything through again."""
        self.answer, self.loses, self.breaks = _as_it_is, "", ""

    def fail(self, answer: Answer) -> None:
        """Let something else answer from now on."""
        self.answer, self.calls = answer, 0

    async def start(self) -> str:
        """Listen; return what to use as BOT_API_URL."""
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._client = ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()
        await self._client.close()

    async def _pass(self, request: web.Request) -> web.Response:
        self.calls += 1
        if (instead := await self.answer(request)) is not None:
            return instead
        if request.path.endswith("/getUpdates"):
            return await self._forward(request)
        return await asyncio.shield(self._forward(request))  # a call has its effect even if the client hangs up

    async def _forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {"Content-Type": request.headers.get("Content-Type", "")}
        async with self._client.request(
            request.method, f"{self._sandbox_url}{request.path_qs}", data=body, headers=headers
        ) as answer:
            told = web.Response(
                body=self._broken(await answer.read()), status=answer.status, content_type=answer.content_type
            )
        if self.loses and request.path.endswith(f"/{self.loses}") and request.transport:
            request.transport.close()
        return told

    def _broken(self, body: bytes) -> bytes:
        """Return an answer with a message that can't be parsed."""
        if not self.breaks or self.breaks.encode() not in body:
            return body
        answer = json.loads(body)
        for update in answer["result"] if isinstance(answer["result"], list) else []:
            if update.get("message", {}).get("text") == self.breaks:
                update["message"] = {"message_id": "first", "date": "today", "chat": 5, "text": self.breaks}
        return json.dumps(answer).encode()
