"""What became of a call, by the error it ended with."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.sending.http_client import NeverSent
from bot.sending.outcomes import Outcome, attempt


def because_of(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


async def failing(error: TelegramError) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(5), Outcome.RATE_LIMITED),
        (ChatMigrated(-1005), Outcome.CHAT_MIGRATED),
        (Forbidden("Forbidden: bot was blocked by the user"), Outcome.UNREACHABLE),
        (BadRequest("Chat not found"), Outcome.CHAT_UNKNOWN),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Outcome.CHAT_UNKNOWN),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), Outcome.CHAT_UNKNOWN),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Outcome.UNREACHABLE),
        (BadRequest("Bad Request: message thread not found"), Outcome.UNREACHABLE),
        (BadRequest("TOPIC_CLOSED"), Outcome.UNREACHABLE),
        (BadRequest("Not enough rights to send text messages to the chat"), Outcome.UNREACHABLE),
        (BadRequest("Can't parse entities"), Outcome.REJECTED),
        (InvalidToken("Unauthorized"), Outcome.NOT_SENT),
        (Conflict("terminated by other getUpdates request"), Outcome.NOT_SENT),
        (because_of(NetworkError("no"), NeverSent()), Outcome.NOT_SENT),
        (because_of(TimedOut(), NeverSent()), Outcome.NOT_SENT),
        (because_of(TimedOut(), TimeoutError()), Outcome.UNKNOWN),
        (NetworkError("Bad Gateway"), Outcome.UNKNOWN),
    ],
    ids=repr,
)
async def test_an_error_says_what_became_of_the_call(error: TelegramError, outcome: Outcome) -> None:
    assert (await attempt(failing(error))).outcome is outcome


@pytest.mark.parametrize(
    "error",
    [
        TelegramError("Invalid server response"),
        because_of(Forbidden("Forbidden (403)"), TelegramError("Invalid server response")),
        because_of(BadRequest("Bad Request (400)"), TelegramError("Invalid server response")),
    ],
    ids=repr,
)
async def test_what_is_not_telegrams_word_leaves_it_unconfirmed(error: TelegramError) -> None:
    assert (await attempt(failing(error))).outcome is Outcome.UNKNOWN
