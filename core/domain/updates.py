"""The parts of a chat update (Bot API, `Update`) that storing and ordering need; the edges interpret the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import NotAnUpdate

KINDS = ("message", "callback_query", "inline_query", "my_chat_member")  # those that the chat edge subscribes to
NUMBERS = range(2**63)
START = "/start"


@dataclass(frozen=True, kw_only=True)
class ReceivedUpdate:
    """An update as received. Those with the same `line` (a chat, or a person outside of chats) are handled in order."""

    update_id: int
    line: int
    sender_id: int | None
    body: Mapping[str, Any]


def read_update(body: object) -> ReceivedUpdate:
    """Parse an update of any kind, including those not subscribed to. Raises NotAnUpdate."""
    if not isinstance(body, Mapping) or not _is_number(body.get("update_id")):
        raise NotAnUpdate
    content: Mapping[str, Any] = next((body[kind] for kind in KINDS if isinstance(body.get(kind), Mapping)), {})
    sender_id = _number_in(content.get("from"))
    chat = content.get("chat") or _mapping(content.get("message")).get("chat")
    line = _number_in(chat)
    return ReceivedUpdate(
        update_id=body["update_id"],
        line=line if line is not None else sender_id or 0,
        sender_id=sender_id,
        body=body,
    )


def line_of(body: Mapping[str, Any]) -> str:
    """Return the text that the sender wrote, empty if they pressed a button.

    `/start` comes without its code, which may still be valid and must not be shown.
    """
    text = str(_mapping(body.get("message")).get("text") or "").strip()
    return START if text.casefold().startswith(START) else text


def _number_in(value: object) -> int | None:
    number = _mapping(value).get("id")
    return number if _is_number(number) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) in NUMBERS
