"""A line between the program and the sandbox's Bot API, which fails in ways that the sandbox itself doesn't know."""

import json
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from tests.support.api_proxy import Proxy

Answer: TypeAlias = Callable[[web.Request], Awaitable[web.Response | None]]
"""What is answered instead of Telegram; None: Telegram answers."""


async def _as_it_is(_request: web.Request) -> None:
    return None


class Line:
    """Passes Bot API calls on to a sandbox, unless something else is set to answer."""

    def __init__(self, sandbox_url: str) -> None:
        self._proxy = Proxy(sandbox_url, self._pass)
        self.start, self.stop = self._proxy.start, self._proxy.stop
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

    async def _pass(self, request: web.Request) -> web.Response:
        self.calls += 1
        if (instead := await self.answer(request)) is not None:
            return instead
        return await self._proxy.let_work(request, self._forward)

    async def _forward(self, request: web.Request) -> web.Response:
        told = await self._proxy.forward(request)
        if isinstance(told.body, bytes):
            told.body = self._broken(told.body)
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
