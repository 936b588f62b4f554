"""Inline keyboards: their size, and the one action of each button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.urls import UrlError, public_url, web_app_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.rules.call import Call

DATA_LIMIT = 64
COPY_LIMIT = 256
BUTTONS_LIMIT = 100

_STYLES = frozenset({"danger", "success", "primary"})
_TEXT_ACTIONS = frozenset({"url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat"})
_ACTIONS = (
    *sorted(_TEXT_ACTIONS),
    "web_app",
    "login_url",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def checked_keyboard(call: Call) -> dict[str, Any] | None:
    """Return the inline keyboard that a call sends, or None if it sends none."""
    markup = call.nested("reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        if markup.get("remove_keyboard") or markup.get("force_reply") or not markup:
            return None
        raise ApiError(error_messages.MARKUP_NOT_SUPPORTED)
    checked = [[_checked_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, checked)) > BUTTONS_LIMIT:
        raise ApiError(error_messages.KEYBOARD_TOO_LARGE)
    return {"inline_keyboard": checked} if checked else None


def _checked_button(button: dict[str, Any]) -> dict[str, Any]:
    if not button["text"].strip():
        raise ApiError(error_messages.BUTTON_EMPTY)
    if button.get("style", "primary") not in _STYLES:
        raise ApiError(error_messages.BUTTON_STYLE)
    actions = [action for action in _ACTIONS if _is_given(action, button)]
    if not actions:
        raise ApiError(error_messages.BUTTON_NO_ACTION)
    if len(actions) > 1:
        raise ApiError(error_messages.BUTTON_TWO_ACTIONS)
    check = _BUTTON_CHECKS.get(actions[0], _unchanged)
    return {**button, actions[0]: check(button[actions[0]])}


def _is_given(action: str, button: dict[str, Any]) -> bool:
    if action in {"url", "callback_data"}:  # an empty one counts as absent at Telegram
        return bool(button.get(action))
    return button.get(action) is not None


def _unchanged(value: object) -> object:
    return value


def _button_data(value: object) -> object:
    if not isinstance(value, str) or len(value.encode()) > DATA_LIMIT:
        raise ApiError(error_messages.BUTTON_DATA)
    return value


def _button_url(value: object) -> object:
    try:
        return public_url(str(value))
    except UrlError as error:
        raise ApiError(error_messages.invalid_button_url(str(value), str(error))) from None


def _button_copy(value: object) -> object:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
        raise ApiError(error_messages.BUTTON_COPY_TEXT)
    return {"text": text}


def _button_app(value: object) -> object:
    url = str(value.get("url", "")) if isinstance(value, dict) else ""
    try:
        return {"url": web_app_url(url)}
    except UrlError as error:
        raise ApiError(error_messages.invalid_web_app_url(url, str(error))) from None


_BUTTON_CHECKS: dict[str, Callable[[object], object]] = {
    "callback_data": _button_data,
    "url": _button_url,
    "copy_text": _button_copy,
    "web_app": _button_app,
}
