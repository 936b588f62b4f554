"""Outcomes of calls to Telegram: errors classified by what to do about them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.sending.http_client import NeverSent

NOT_KNOWN = ("bot can't initiate conversation", "bot is not a member", "chat not found", "peer_id_invalid")
CLOSED = (  # Bot API: bad requests that mean that a chat or a topic can no longer be written to
    "chat_write_forbidden",
    "have no rights to send",
    "message thread not found",
    "not enough rights to send",
    "topic_closed",
    "topic_deleted",
)


class Outcome(Enum):
    """The outcome of a call."""

    DELIVERED = auto()
    SUPERSEDED = auto()  # nothing was sent, as a newer screen of the same message is to be
    RATE_LIMITED = auto()  # Telegram accepted nothing, and says when to retry
    CHAT_MIGRATED = auto()  # the group has become a supergroup
    UNREACHABLE = auto()  # nothing can be sent there
    CHAT_UNKNOWN = auto()  # as above, or this is the wrong bot: it has never been in that chat
    REJECTED = auto()  # the call itself is invalid
    NOT_SENT = auto()  # not delivered, but a retry may succeed: no connection, a revoked token, another poller
    UNKNOWN = auto()  # it may have been delivered: Telegram has no key to recognise a repetition


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The outcome of a call, with the delay, the chat's new number, or the reason, as far as they apply.

    `message_id` is the number of the message that was sent, if the call returns it.
    """

    outcome: Outcome
    delay: timedelta = timedelta()
    chat_id: int = 0
    reason: str = ""
    message_id: int | None = None


async def attempt(call: Awaitable[object]) -> SendResult:
    """Make a call and classify its outcome."""
    try:
        returned = await call
    except RetryAfter as error:
        after = error.retry_after  # a timedelta by our opt-in in bot/__init__.py; typed for both
        delay = after if isinstance(after, timedelta) else timedelta(seconds=after)
        return SendResult(outcome=Outcome.RATE_LIMITED, delay=delay, reason=error.message)
    except ChatMigrated as error:
        return SendResult(outcome=Outcome.CHAT_MIGRATED, chat_id=error.new_chat_id, reason=error.message)
    except TelegramError as error:
        return SendResult(outcome=_classify(error), reason=error.message)
    return SendResult(outcome=Outcome.DELIVERED, message_id=returned if isinstance(returned, int) else None)


def _classify(error: TelegramError) -> Outcome:
    """Classify an error; whatever isn't certain is UNKNOWN."""
    if isinstance(error.__cause__, NeverSent) or isinstance(error, InvalidToken | Conflict):
        return Outcome.NOT_SENT
    if isinstance(error.__cause__, TelegramError):  # an unreadable body: it comes from a proxy, not from Telegram
        return Outcome.UNKNOWN
    if any(words in error.message.lower() for words in NOT_KNOWN):
        return Outcome.CHAT_UNKNOWN
    if isinstance(error, Forbidden) or any(words in error.message.lower() for words in CLOSED):
        return Outcome.UNREACHABLE
    return Outcome.REJECTED if isinstance(error, BadRequest) else Outcome.UNKNOWN
