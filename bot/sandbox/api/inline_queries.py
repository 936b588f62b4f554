"""Answers to inline queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.call import Call
from bot.sandbox.rules.commands import START_PARAMETER
from bot.sandbox.rules.keyboards import checked_keyboard
from bot.sandbox.rules.texts import checked_text, text_fields
from bot.sandbox.world.inline_queries import find_open_query, save_answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.world.world import World

_RESULTS_LIMIT = 50
_ID_BYTES = 64
_CACHE_SECONDS = 300
_SHOWN = ("id", "title", "description", "url", "thumbnail_url")


class InlineQueryMethods:
    """The method that answers an inline query."""

    def __init__(self, world: World) -> None:
        self._world = world

    def methods(self) -> dict[str, Callable[[Call], Awaitable[Any]]]:
        """Return the methods by their names."""
        return {"answerInlineQuery": self._answer}

    async def _answer(self, call: Call) -> bool:
        answer = {
            "results": _checked_results(call),
            "button": _checked_button(call),
            "next_offset": _checked_offset(call),
            "cache_time": call.integer("cache_time", _CACHE_SECONDS),
            "is_personal": call.flag("is_personal"),
        }
        query_id = call.text("inline_query_id")
        query = find_open_query(self._world, query_id)
        if query is None:
            raise ApiError(error_messages.QUERY_TOO_OLD)
        save_answer(self._world, query_id, query, answer)
        return True


def _checked_results(call: Call) -> list[dict[str, Any]]:
    results = call.array("results")
    if len(results) > _RESULTS_LIMIT:
        raise ApiError(error_messages.RESULTS_TOO_MANY)
    checked = [_checked_result(result) for result in results]
    if len({result["id"] for result in checked}) < len(checked):
        raise ApiError(error_messages.RESULT_ID_DUPLICATE)
    return checked


def _checked_result(result: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a result that the page shows, and the message that it becomes."""
    if not 1 <= len(result["id"].encode()) <= _ID_BYTES:
        raise ApiError(error_messages.RESULT_ID_INVALID)
    content = result.get("input_message_content") or {}
    if result["type"] != "article" or "message_text" not in content:
        raise ApiError(error_messages.RESULT_NOT_SUPPORTED)
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
        raise ApiError(error_messages.RESULTS_BUTTON_INVALID)
    if "start_parameter" in button and not START_PARAMETER.fullmatch(button["start_parameter"]):
        raise ApiError(error_messages.START_PARAMETER)
    return button


def _checked_offset(call: Call) -> str:
    if len(call.text("next_offset").encode()) > _ID_BYTES:
        raise ApiError(error_messages.NEXT_OFFSET_INVALID)
    return call.text("next_offset")
