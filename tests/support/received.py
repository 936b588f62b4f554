"""Updates of a few people, as Telegram sends them."""

from core.domain.updates import ReceivedUpdate, read_update
from core.services.strangers import OwnerClaim
from tests.support.rich_account import OLIVIA

STRANGER, OTHER_STRANGER, BORIS = 9009, 9010, 2001  # in Telegram
NO_CLAIM = OwnerClaim(secret_key="", telegram_id=None)


def a_message(
    number: int, sender: int = OLIVIA, text: str = "/home", *, chat: int = 0, **others: object
) -> ReceivedUpdate:
    """Return a message as Telegram sends it, in one's own chat unless told otherwise."""
    content = {"message_id": 500 + number, "chat": {"id": chat or sender}, "from": {"id": sender}, "text": text}
    return read_update({"update_id": number, "message": {**content, **others}})


def an_edit(number: int, of: int, sender: int = OLIVIA) -> ReceivedUpdate:
    """Return the edit of an earlier message."""
    content = {"message_id": 500 + of, "chat": {"id": sender}, "from": {"id": sender}, "text": "/home again"}
    return read_update({"update_id": number, "edited_message": content})


def a_tap(number: int, data: str = "seats:1", sender: int = OLIVIA) -> ReceivedUpdate:
    """Return the tap of a button."""
    message = {"message_id": 77, "chat": {"id": sender}}
    return read_update(
        {"update_id": number, "callback_query": {"from": {"id": sender}, "message": message, "data": data}}
    )


def a_joining(number: int, sender: int = STRANGER, chat: int = -9) -> ReceivedUpdate:
    """Return that somebody added the bot to a group, or took it out."""
    return read_update({"update_id": number, "my_chat_member": {"chat": {"id": chat}, "from": {"id": sender}}})
