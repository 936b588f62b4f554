"""Inline mode on the chat page: ask, see the results, send one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.actions import inline
from bot.sandbox.page.requests import body_of, conflict_if_not_allowed, destination_in, person_in_path, text_in
from bot.sandbox.world.inline_queries import find_answered_query

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_QUERY_LIMIT = 256


class InlinePage:
    """The inline queries of one person."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes of queries and choices."""
        return [
            web.post("/api/people/{id}/queries", self._ask),
            web.get("/api/people/{id}/queries/{query}", self._results),
            web.post("/api/people/{id}/choices", self._choose),
        ]

    async def _ask(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        words, offset = text_in(body, "text")[:_QUERY_LIMIT], text_in(body, "offset")
        query_id = inline.send_query(self._world, person, destination_in(self._world, person, body), words, offset)
        return web.json_response({"query_id": query_id}, status=201)

    async def _results(self, request: web.Request) -> web.Response:
        person = person_in_path(self._world, request)
        query = find_answered_query(self._world, person, request.match_info["query"])
        return web.json_response({"answer": query["answer"] if query else None})

    async def _choose(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        destination = destination_in(self._world, person, body)
        with conflict_if_not_allowed():
            stored = inline.choose_result(
                self._world, person, destination, text_in(body, "query_id"), text_in(body, "result_id")
            )
        return web.json_response(stored.as_json(), status=201)
