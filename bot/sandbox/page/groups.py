"""Groups on the chat page: their members, the bot and topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.actions import groups, topics
from bot.sandbox.page.requests import (
    body_of,
    conflict_if_not_allowed,
    find_person,
    group_in_path,
    http_error,
    number_in,
    text_in,
)
from bot.sandbox.world.groups import ADMINISTRATOR, KICKED, LEFT, MEMBER

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_TITLE_LIMIT = 128
_TITLE_NEEDED = f"Enter a title of 1-{_TITLE_LIMIT} characters."
_STATUS_NEEDED = "status must be member, administrator, left or kicked."


class GroupPage:
    """The groups of the sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes under /api/groups; the person who acts is person_id in each body."""
        return [
            web.get("/api/groups", self._list),
            web.post("/api/groups", self._create),
            web.post("/api/groups/{id:-\\d+}/members", self._member),
            web.post("/api/groups/{id:-\\d+}/bot", self._bot),
            web.post("/api/groups/{id:-\\d+}/topics", self._topic),
            web.post("/api/groups/{id:-\\d+}/starts", self._start),
            web.post("/api/groups/{id:-\\d+}/migrate", self._migrate),
        ]

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response({"groups": self._world.chats_as_json()["groups"]})

    async def _create(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        actor, title = find_person(self._world, number_in(body, "person_id")), _title(text_in(body, "title"))
        supergroup = body.get("supergroup") is not False
        group = groups.create_group(self._world, actor, title, supergroup=supergroup, forum=body.get("topics") is True)
        if body.get("bot") is True:
            group = groups.set_bot_status(self._world, group, actor, MEMBER)
        return web.json_response(group.as_json(), status=201)

    async def _member(self, request: web.Request) -> web.Response:
        group, body = group_in_path(self._world, request), await body_of(request)
        actor = find_person(self._world, number_in(body, "person_id"))
        person = find_person(self._world, number_in(body, "member_id", actor.id))
        act = groups.remove_member if body.get("present") is False else groups.add_member
        return web.json_response(act(self._world, group, actor, person).as_json())

    async def _bot(self, request: web.Request) -> web.Response:
        group, body = group_in_path(self._world, request), await body_of(request)
        actor, status = find_person(self._world, number_in(body, "person_id")), text_in(body, "status")
        if status not in {MEMBER, ADMINISTRATOR, LEFT, KICKED}:
            raise http_error(_STATUS_NEEDED)
        return web.json_response(groups.set_bot_status(self._world, group, actor, status).as_json())

    async def _start(self, request: web.Request) -> web.Response:
        """Do what a link with `?startgroup=` does once a group is chosen."""
        group, body = group_in_path(self._world, request), await body_of(request)
        actor = find_person(self._world, number_in(body, "person_id"))
        with conflict_if_not_allowed():
            changed = groups.start_in_group(self._world, group, actor, text_in(body, "code"))
        return web.json_response(changed.as_json(), status=201)

    async def _topic(self, request: web.Request) -> web.Response:
        group, body = group_in_path(self._world, request), await body_of(request)
        actor = find_person(self._world, number_in(body, "person_id"))
        thread = number_in(body, "message_thread_id", 0)
        with conflict_if_not_allowed():
            if thread:
                closed = body.get("closed") is not False
                topics.set_topic_closed(self._world, group, actor, thread, closed=closed)
            else:
                thread = topics.create_topic(self._world, group, actor, _title(text_in(body, "name")))
        return web.json_response({"message_thread_id": thread}, status=201)

    async def _migrate(self, request: web.Request) -> web.Response:
        group = group_in_path(self._world, request)
        with conflict_if_not_allowed():
            return web.json_response(groups.migrate_to_supergroup(self._world, group).as_json(), status=201)


def _title(title: str) -> str:
    if not 1 <= len(title.strip()) <= _TITLE_LIMIT:
        raise http_error(_TITLE_NEEDED)
    return title.strip()
