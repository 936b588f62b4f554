"""The page's box for inline queries: ask the bot from a chat, see what it offers, send one of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.actions import inline
from bot.sandbox.page.requests import body_of, person_of, place_in, text_in, words_for_impossible

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_QUERY_LIMIT = 256


class InlinePage:
    """Lets a person ask inline."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the addresses of queries and choices."""
        return [
            web.post("/api/people/{id}/queries", self._ask),
            web.get("/api/people/{id}/queries/{query}", self._results),
            web.post("/api/people/{id}/choices", self._choose),
        ]

    async def _ask(self, request: web.Request) -> web.Response:
        person, body = person_of(self._world, request), await body_of(request)
        words, offset = text_in(body, "text")[:_QUERY_LIMIT], text_in(body, "offset")
        query_id = inline.asks(self._world, person, place_in(self._world, person, body), words, offset)
        return web.json_response({"query_id": query_id}, status=201)

    async def _results(self, request: web.Request) -> web.Response:
        person = person_of(self._world, request)
        return web.json_response({"answer": inline.results_of(self._world, person, request.match_info["query"])})

    async def _choose(self, request: web.Request) -> web.Response:
        person, body = person_of(self._world, request), await body_of(request)
        place = place_in(self._world, person, body)
        with words_for_impossible():
            kept = inline.chooses(self._world, person, place, text_in(body, "query_id"), text_in(body, "result_id"))
        return web.json_response(kept.as_json(), status=201)
