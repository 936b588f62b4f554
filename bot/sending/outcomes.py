"""What became of a call to Telegram: errors sorted by what to do about them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
CLOSED = (  # Bot API: "bad requests" that say that nothing can be written to a chat or a topic any more
    "chat not found",
    "chat_write_forbidden",
    "have no rights to send",
    "message thread not found",
    "not enough rights to send",
    "topic_closed",
    "topic_deleted",
)


class Outcome(Enum):
    """What became of a call."""

    DELIVERED = auto()
    RATE_LIMITED = auto()  # Telegram took nothing, and says when it will
    CHAT_MIGRATED = auto()  # the group has become a supergroup
    UNREACHABLE = auto()  # nobody can be reached there any more
    REJECTED = auto()  # Telegram finds fault with the call itself
    NOT_SENT = auto()  # surely not, but may be later: no connection, a revoked token, another poller
    UNKNOWN = auto()  # nobody can tell: Telegram has no key by which a repetition would be known


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """The outcome of a call, and what goes with it: how long to wait, where the chat is now, Telegram's words."""

    outcome: Outcome
    delay: timedelta = timedelta()
    chat_id: int = 0
    reason: str = ""


async def attempt(call: Awaitable[object]) -> SendResult:
    """Make a call and sort what comes of it."""
    try:
        await call
    except RetryAfter as error:
        after = error.retry_after  # a timedelta by our opt-in in bot/__init__.py; typed for both
        delay = after if isinstance(after, timedelta) else timedelta(seconds=after)
        return SendResult(outcome=Outcome.RATE_LIMITED, delay=delay, reason=error.message)
    except ChatMigrated as error:
        return SendResult(outcome=Outcome.CHAT_MIGRATED, chat_id=error.new_chat_id, reason=error.message)
    except TelegramError as error:
        return SendResult(outcome=_classify(error), reason=error.message)
    return SendResult(outcome=Outcome.DELIVERED)


def _classify(error: TelegramError) -> Outcome:
    """Sort an error; only what is surely so is called so, and all else is in doubt."""
    if isinstance(error.__cause__, NEVER_LEFT) or isinstance(error, InvalidToken | Conflict):
        return Outcome.NOT_SENT
    if isinstance(error.__cause__, TelegramError):  # its body could not be read: a proxy's word, not Telegram's
        return Outcome.UNKNOWN
    if isinstance(error, Forbidden) or any(words in error.message.lower() for words in CLOSED):
        return Outcome.UNREACHABLE
    return Outcome.REJECTED if isinstance(error, BadRequest) else Outcome.UNKNOWN
