"""The methods by which the bot answers: taps on its buttons, and what people ask inline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.actions import inline
from bot.sandbox.actions.messages import QUERY_SECONDS
from bot.sandbox.rules import error_messages
from bot.sandbox.rules.call import Call
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.keyboards import checked_answer, checked_keyboard, checked_text, text_fields
from bot.sandbox.world.people import START_CODE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.world.world import World

_RESULTS_LIMIT = 50
_ID_BYTES = 64
_CACHE_SECONDS = 300
_SHOWN = ("id", "title", "description", "url", "thumbnail_url")
_TELEGRAM_SITE = re.compile(r"(https?://)?t\.me/", re.IGNORECASE)


class BotQueries:
    """Carries out what the bot answers to people who wait."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return this part of the table of methods."""
        return {"answerCallbackQuery": self._answer_tap, "answerInlineQuery": self._answer_inline}

    async def _answer_tap(self, call: Call) -> bool:
        text, query_id = checked_answer(call), call.text("callback_query_id")
        self._check_url(call.text("url"))
        store = self._world.store
        query = store.get("query", query_id)
        if query is None or self._world.clock() - query["asked_at"] > QUERY_SECONDS:
            raise ApiError(error_messages.QUERY_TOO_OLD)
        answer = {"query_id": query_id, "text": text, "show_alert": call.flag("show_alert"), "url": call.text("url")}
        with store.together():
            store.remove("query", query_id)
            answer["revision"] = self._world.next_revision()
        self._world.answers[query["person_id"]].append(answer)
        self._world.feed.tell_person(query["person_id"], {"kind": "answer", **answer})
        return True

    def _check_url(self, url: str) -> None:
        """Let through only what leads to the bot's own chat with a start code; games the sandbox has none."""
        if not url:
            return
        parts = urlsplit(url if "://" in url else f"https://{url}")
        own = parts.path.strip("/").lower() == str(self._world.bot["username"]).lower()
        if not (_TELEGRAM_SITE.match(url) and own and "start" in parse_qs(parts.query)):
            raise ApiError(error_messages.WRONG_ANSWER_URL)

    async def _answer_inline(self, call: Call) -> bool:
        answer = {
            "results": _checked_results(call),
            "button": _checked_button(call),
            "next_offset": _checked_offset(call),
            "cache_time": call.integer("cache_time", _CACHE_SECONDS),
            "is_personal": call.flag("is_personal"),
        }
        query = inline.open_query(self._world, call.text("inline_query_id"))
        if query is None:
            raise ApiError(error_messages.QUERY_TOO_OLD)
        inline.keep_answer(self._world, call.text("inline_query_id"), query, answer)
        return True


def _checked_results(call: Call) -> list[dict[str, Any]]:
    results = call.listed("results")
    if len(results) > _RESULTS_LIMIT:
        raise ApiError(error_messages.RESULTS_TOO_MANY)
    checked = [_checked_result(result) for result in results]
    if len({result["id"] for result in checked}) < len(checked):
        raise ApiError(error_messages.RESULT_TWICE)
    return checked


def _checked_result(result: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a result, and the message that it becomes."""
    if not 1 <= len(result["id"].encode()) <= _ID_BYTES:
        raise ApiError(error_messages.RESULT_ID)
    content = result.get("input_message_content") or {}
    if result["type"] != "article" or "message_text" not in content:
        raise ApiError(error_messages.RESULT_UNKNOWN)
    if not result["title"].strip():
        raise ApiError(error_messages.RESULT_NO_TITLE)
    text = Call(method="", parameters={**content, "text": content["message_text"]})
    message = text_fields("text", "entities", checked_text(text))
    if preview := content.get("link_preview_options"):
        message["link_preview_options"] = preview
    if keyboard := checked_keyboard(Call(method="", parameters={"reply_markup": result.get("reply_markup")})):
        message["reply_markup"] = keyboard
    return {**{name: result[name] for name in _SHOWN if name in result}, "message": message}


def _checked_button(call: Call) -> dict[str, Any] | None:
    button: dict[str, Any] | None = call.nested("button")
    if button is None:
        return None
    if not button["text"] or ("web_app" in button) == ("start_parameter" in button):
        raise ApiError(error_messages.RESULTS_BUTTON)
    if "start_parameter" in button and not START_CODE.fullmatch(button["start_parameter"]):
        raise ApiError(error_messages.START_CODE)
    return button


def _checked_offset(call: Call) -> str:
    if len(call.text("next_offset").encode()) > _ID_BYTES:
        raise ApiError(error_messages.NEXT_OFFSET)
    return call.text("next_offset")
