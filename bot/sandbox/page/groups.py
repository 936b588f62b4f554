"""The page's groups: made, joined and left, with the bot and without, in topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.actions import groups
from bot.sandbox.page.requests import (
    body_of,
    group_of,
    number_in,
    person_at,
    refusal,
    text_in,
    words_for_impossible,
)
from bot.sandbox.world.groups import ADMINISTRATOR, KICKED, LEFT, MEMBER

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_TITLE_LIMIT = 128
_TITLE_NEEDED = f"A title of 1-{_TITLE_LIMIT} characters is needed."
_STATUS_NEEDED = "Say what the bot is: member, administrator, left or kicked."


class GroupPage:
    """Lets people of the page gather."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the addresses under /api/groups; each body names who acts as person_id."""
        return [
            web.get("/api/groups", self._list),
            web.post("/api/groups", self._create),
            web.post("/api/groups/{id:-\\d+}/members", self._member),
            web.post("/api/groups/{id:-\\d+}/bot", self._bot),
            web.post("/api/groups/{id:-\\d+}/topics", self._topic),
            web.post("/api/groups/{id:-\\d+}/migrate", self._migrate),
        ]

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response({"groups": self._world.chats_as_json()["groups"]})

    async def _create(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        actor, title = person_at(self._world, number_in(body, "person_id")), _title(text_in(body, "title"))
        supergroup = body.get("supergroup") is not False
        group = groups.creates(self._world, actor, title, supergroup=supergroup, forum=body.get("topics") is True)
        if body.get("bot") is True:
            group = groups.changes_bot(self._world, group, actor, MEMBER)
        return web.json_response(group.as_json(), status=201)

    async def _member(self, request: web.Request) -> web.Response:
        group, body = group_of(self._world, request), await body_of(request)
        actor = person_at(self._world, number_in(body, "person_id"))
        person = person_at(self._world, number_in(body, "member_id", actor.id))
        act = groups.removes if body.get("present") is False else groups.admits
        return web.json_response(act(self._world, group, actor, person).as_json())

    async def _bot(self, request: web.Request) -> web.Response:
        group, body = group_of(self._world, request), await body_of(request)
        actor, status = person_at(self._world, number_in(body, "person_id")), text_in(body, "status")
        if status not in {MEMBER, ADMINISTRATOR, LEFT, KICKED}:
            raise refusal(_STATUS_NEEDED)
        return web.json_response(groups.changes_bot(self._world, group, actor, status).as_json())

    async def _topic(self, request: web.Request) -> web.Response:
        group, body = group_of(self._world, request), await body_of(request)
        actor = person_at(self._world, number_in(body, "person_id"))
        thread = number_in(body, "message_thread_id", 0)
        with words_for_impossible():
            if thread:
                closed = body.get("closed") is not False
                groups.closes_topic(self._world, group, actor, thread, closed=closed)
            else:
                thread = groups.opens_topic(self._world, group, actor, _title(text_in(body, "name")))
        return web.json_response({"message_thread_id": thread}, status=201)

    async def _migrate(self, request: web.Request) -> web.Response:
        group = group_of(self._world, request)
        with words_for_impossible():
            return web.json_response(groups.migrates(self._world, group).as_json(), status=201)


def _title(title: str) -> str:
    if not 1 <= len(title.strip()) <= _TITLE_LIMIT:
        raise refusal(_TITLE_NEEDED)
    return title.strip()
