"""Answers to taps on callback buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.texts import checked_answer_text
from bot.sandbox.world.callback_queries import find_callback_query, remove_callback_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rules.call import Call
    from bot.sandbox.world.world import World

_TELEGRAM_SITE = re.compile(r"(https?://)?t\.me/", re.IGNORECASE)


class CallbackQueryMethods:
    """The method that answers a callback query."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"answerCallbackQuery": self._answer}

    async def _answer(self, call: Call) -> bool:
        text, url, query_id = checked_answer_text(call), call.text("url"), call.text("callback_query_id")
        if url and not self._is_own_deep_link(url):
            raise ApiError(error_messages.ANSWER_URL_INVALID)
        person_id = find_callback_query(self._world, query_id)
        if person_id is None:
            raise ApiError(error_messages.QUERY_TOO_OLD)
        answer = {"query_id": query_id, "text": text, "show_alert": call.flag("show_alert"), "url": url}
        with self._world.store.transaction():
            remove_callback_query(self._world, query_id)
            answer["revision"] = self._world.next_revision()
        self._world.answers[person_id].append(answer)
        self._world.events.publish_to_person(person_id, {"kind": "answer", **answer})
        return True

    def _is_own_deep_link(self, url: str) -> bool:
        """Whether a URL opens the bot's own chat with a start code; Telegram also allows games, the sandbox doesn't."""
        parts = urlsplit(url if "://" in url else f"https://{url}")
        own = parts.path.strip("/").lower() == str(self._world.bot["username"]).lower()
        return bool(_TELEGRAM_SITE.match(url)) and own and "start" in parse_qs(parts.query)
