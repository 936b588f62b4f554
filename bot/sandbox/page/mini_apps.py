"""Mini Apps on the chat page: what Telegram would tell them about the person who opens one."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.page.requests import body_of, http_error, person_in_path, text_in
from bot.sandbox.rules.init_data import signed_init_data
from bot.sandbox.rules.urls import UrlError, web_app_url

if TYPE_CHECKING:
    from bot.sandbox.world.world import World

_START = re.compile(r"[A-Za-z0-9_-]{0,512}")
_START_WRONG = "A startapp parameter is up to 512 of A-Z, a-z, 0-9, _ and -."
_NO_APP = "The sandbox doesn't know a Mini App of this bot."
_NOT_AN_APP = "Telegram wouldn't open this as a Mini App."


class MiniAppPage:
    """Opens a button's Mini App, or the bot's own one by a deep link (`?startapp=`)."""

    def __init__(self, world: World, token: str, mini_app: str | None) -> None:
        self._world = world
        self._token = token
        self._mini_app = mini_app

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the route that opens a Mini App."""
        return [web.post("/api/people/{id}/mini-apps", self._open)]

    async def _open(self, request: web.Request) -> web.Response:
        person, body = person_in_path(self._world, request), await body_of(request)
        url, start = text_in(body, "url") or self._by_link(text_in(body, "start")), text_in(body, "start")
        try:
            checked = web_app_url(url)
        except UrlError:
            raise http_error(_NOT_AN_APP) from None
        can_write = {"allows_write_to_pm": True} if person.started and not person.blocked else {}
        user = {key: value for key, value in person.as_user().items() if key != "is_bot"}
        init_data = signed_init_data(self._token, {**user, **can_write}, int(time.time()), start)
        return web.json_response({"url": checked, "init_data": init_data}, status=201)

    def _by_link(self, start: str) -> str:
        if self._mini_app is None:
            raise http_error(_NO_APP)
        if not _START.fullmatch(start):
            raise http_error(_START_WRONG)
        return f"{self._mini_app}?{urlencode({'tgWebAppStartParam': start})}" if start else self._mini_app
