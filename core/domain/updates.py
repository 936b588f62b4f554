"""The parts of a chat update (Bot API, `Update`) that storing and ordering need; the edges interpret the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.domain.fingerprint import fingerprint
from core.errors import NotAnUpdate

# Those that the chat edge subscribes to. Posts in channels, business messages and guest queries are not among them.
KINDS = ("message", "edited_message", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member")
WRITTEN = frozenset({"message", "edited_message"})
NUMBERS = range(2**63)
START = "/start"
STOP = "/stop"  # from a learner whose Telegram is connected
CODE = re.compile(r"(?<![\w-])[\w-]{32}(?![\w-])", re.ASCII)  # as the services make them
MOST_CODES = 3  # of a message: each is looked up
LONGEST_TEXT = 4096  # characters (Bot API, `Message.text`)


class Source(StrEnum):
    """Whose word a message is. Only what a person wrote to the bot themselves can be an order."""

    OWN = "own"
    CHAT = "chat"  # a channel's post, or a message in the name of a channel or group (anonymous administrators)
    BUSINESS = "business"  # through a connected business account, or for a guest in another chat
    BOT = "bot"
    VIA_BOT = "via bot"  # an inline bot's words, also this one's, that a person let into the chat
    FORWARDED = "forwarded"


_SIGNS: Mapping[Source, frozenset[str]] = {  # fields of `Message`; the first source that has one of its fields is meant
    Source.CHAT: frozenset({"sender_chat", "is_automatic_forward", "author_signature"}),
    Source.BUSINESS: frozenset(
        {
            "business_connection_id",
            "sender_business_bot",
            "guest_query_id",
            "guest_bot_caller_user",
            "guest_bot_caller_chat",
        }
    ),
    Source.VIA_BOT: frozenset({"via_bot"}),
    # The last ones are what servers before Bot API 7.0 send: BOT_API_URL may name one.
    Source.FORWARDED: frozenset(
        {"forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name"}
    ),
}


@dataclass(frozen=True, kw_only=True)
class ReceivedUpdate:
    """An update as received. Those with the same `line` (a chat, or a person outside of chats) are handled in order.

    `button` identifies the button that was tapped: two taps of the same button of the same message have the same one.
    Of a message that was sent it identifies the message; the edits of a message have another one in common.
    """

    update_id: int
    line: int
    sender_id: int | None
    button: str | None
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
        button=_button_of(_mapping(body.get("callback_query"))) or _message_of(body, kind_of(body)),
        body=body,
    )


def source_of(message: Mapping[str, Any]) -> Source:
    """Tell whose word a message is (Bot API, `Message`). One without a sender is a chat's."""
    present = {name for name, value in message.items() if value not in (None, False)}
    sender = _mapping(message.get("from"))
    if "from" not in present or _mapping(message.get("chat")).get("type") == "channel":
        return Source.CHAT
    found = next((source for source, signs in _SIGNS.items() if not signs.isdisjoint(present)), Source.OWN)
    return Source.BOT if sender.get("is_bot") and found not in (Source.CHAT, Source.BUSINESS) else found


def kind_of(body: Mapping[str, Any]) -> str:
    """Return which of KINDS an update is, or an empty text."""
    return next((kind for kind in KINDS if isinstance(body.get(kind), Mapping)), "")


def as_sent(edit: ReceivedUpdate) -> str | None:
    """Return what identifies the message that was edited, as it was sent (`ReceivedUpdate.button`)."""
    return _message_of(edit.body, "message")


def start_code(body: Mapping[str, Any]) -> str:
    """Return the code that a line `/start CODE` carries, or an empty text."""
    command, _, code = str(_mapping(body.get("message")).get("text") or "").strip().partition(" ")
    return code.strip() if command.casefold().partition("@")[0] == START else ""


def possible_codes(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what may be codes of invitations in a message, however they were pasted: in a link, a line, or alone."""
    message = _mapping(body.get("message"))
    entities = message.get("entities")
    links = [str(_mapping(entity).get("url") or "") for entity in entities] if isinstance(entities, list) else []
    text = " ".join([str(message.get("text") or "")[:LONGEST_TEXT], *links])
    return tuple(dict.fromkeys(CODE.findall(text)))[:MOST_CODES]


def is_migration(body: Mapping[str, Any]) -> bool:
    """Return whether an update says that a group has become a supergroup (Bot API, `migrate_to_chat_id`)."""
    return "migrate_to_chat_id" in _mapping(body.get("message"))


def line_of(body: Mapping[str, Any]) -> str:
    """Return the text that the sender wrote, empty if they pressed a button.

    `/start` comes without its code, which may still be valid and must not be shown.
    """
    written = body.get("message") or body.get("edited_message")
    text = str(_mapping(written).get("text") or "").strip()
    return START if text.casefold().startswith(START) else text


def _button_of(query: Mapping[str, Any]) -> str | None:
    """Return a fingerprint, so that words in a button's data aren't kept longer than the update's body."""
    message, data = _mapping(query.get("message")), query.get("data")
    if "message_id" not in message or not isinstance(data, str):
        return None
    return fingerprint(_number_in(message.get("chat")), message["message_id"], data)


def _message_of(body: Mapping[str, Any], kind: str) -> str | None:
    message = _mapping(body.get("message") or body.get("edited_message"))
    number = message.get("message_id")
    return fingerprint(_number_in(message.get("chat")), number, kind) if _is_number(number) else None


def _number_in(value: object) -> int | None:
    number = _mapping(value).get("id")
    return number if _is_number(number) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) in NUMBERS
