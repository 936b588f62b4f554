"""Telegram's strictness about texts and keyboards.

Texts are counted in characters (Unicode code points) after the markup is gone, as Telegram's own server does; the
data behind a button is counted in bytes of UTF-8.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.rules import error_messages
from bot.sandbox.rules.entity_detection import with_found_entities
from bot.sandbox.rules.error_messages import ApiError
from bot.sandbox.rules.html_parser import Formatted, parse_html
from bot.sandbox.rules.urls import AddressError, public_address, secure_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.rules.call import Call

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ANSWER_LIMIT = 200
DATA_LIMIT = 64
COPY_LIMIT = 256
BUTTONS_LIMIT = 100
ENTITIES_LIMIT = 100
COMMANDS_LIMIT = 100

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMAND_DESCRIPTION = 256
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


def checked_text(call: Call) -> Formatted:
    """Return the text that a call sends: present and not too long."""
    formatted = _formatted(call, "text", "entities")
    if not formatted.text:
        raise ApiError(error_messages.NO_TEXT)
    if len(formatted.text) > TEXT_LIMIT:
        raise ApiError(error_messages.TEXT_TOO_LONG)
    return formatted


def checked_caption(call: Call) -> Formatted:
    """Return the caption that a call sends: maybe empty, not too long."""
    formatted = _formatted(call, "caption", "caption_entities")
    if len(formatted.text) > CAPTION_LIMIT:
        raise ApiError(error_messages.CAPTION_TOO_LONG)
    return formatted


def _formatted(call: Call, text: str, entities: str) -> Formatted:
    source, mode = call.text(text), call.text("parse_mode").lower()
    if mode == "html":
        return with_found_entities(parse_html(source))
    if mode:
        raise ApiError(error_messages.WRONG_PARSE_MODE)
    return with_found_entities(Formatted(source, tuple(call.listed(entities))))


def text_fields(text: str, entities: str, formatted: Formatted) -> dict[str, Any]:
    """Return the fields of a message that carry a text, none for an empty one; entities beyond 100 are dropped."""
    if not formatted.text:
        return {}
    kept = list(formatted.entities[:ENTITIES_LIMIT])
    return {text: formatted.text} | ({entities: kept} if kept else {})


def checked_keyboard(call: Call) -> dict[str, Any] | None:
    """Return the inline keyboard that a call sends, or None if it sends none."""
    markup = call.nested("reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        if markup.get("remove_keyboard") or markup.get("force_reply") or not markup:
            return None
        raise ApiError(error_messages.MARKUP_UNKNOWN)
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
    check = _BUTTON_CHECKS.get(actions[0], _keep)
    return {**button, actions[0]: check(button[actions[0]])}


def _is_given(action: str, button: dict[str, Any]) -> bool:
    if action in {"url", "callback_data"}:  # an empty one counts as absent at Telegram
        return bool(button.get(action))
    return button.get(action) is not None


def _keep(value: object) -> object:
    return value


def _button_data(value: object) -> object:
    if not isinstance(value, str) or len(value.encode()) > DATA_LIMIT:
        raise ApiError(error_messages.BUTTON_DATA)
    return value


def _button_url(value: object) -> object:
    try:
        return public_address(str(value))
    except AddressError as error:
        raise ApiError(error_messages.wrong_url(str(value), str(error))) from None


def _button_copy(value: object) -> object:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
        raise ApiError(error_messages.BUTTON_COPY_TEXT)
    return {"text": text}


def _button_app(value: object) -> object:
    url = str(value.get("url", "")) if isinstance(value, dict) else ""
    try:
        return {"url": secure_address(url)}
    except AddressError as error:
        raise ApiError(error_messages.wrong_web_app(url, str(error))) from None


_BUTTON_CHECKS: dict[str, Callable[[object], object]] = {
    "callback_data": _button_data,
    "url": _button_url,
    "copy_text": _button_copy,
    "web_app": _button_app,
}


def checked_commands(call: Call) -> list[dict[str, str]]:
    """Return the commands that a bot offers, each of Telegram's shape."""
    commands = call.listed("commands")
    if len(commands) > COMMANDS_LIMIT:
        raise ApiError(error_messages.COMMANDS_TOO_MANY)
    return [_checked_command(command) for command in commands]


def _checked_command(command: dict[str, str]) -> dict[str, str]:
    name, description = command["command"].removeprefix("/"), command["description"]
    if not _COMMAND.fullmatch(name):
        raise ApiError(error_messages.COMMAND_INVALID)
    if not 1 <= len(description) <= _COMMAND_DESCRIPTION:
        raise ApiError(error_messages.COMMAND_NO_DESCRIPTION)
    return {"command": name, "description": description}


def checked_answer(call: Call) -> str:
    """Return the text that answers a tap, not too long for its small bubble."""
    text = call.text("text")
    if len(text) > ANSWER_LIMIT:
        raise ApiError(error_messages.ANSWER_TOO_LONG)
    return text
