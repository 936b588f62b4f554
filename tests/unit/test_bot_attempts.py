"""What became of a call, by the error it ended with."""

import httpx
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

from bot.attempts import Outcome, attempt


def because_of(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


async def failing(error: TelegramError) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(5), Outcome.PUT_OFF),
        (ChatMigrated(-1005), Outcome.MOVED),
        (Forbidden("Forbidden: bot was blocked by the user"), Outcome.GONE),
        (BadRequest("Chat not found"), Outcome.GONE),
        (BadRequest("Bad Request: message thread not found"), Outcome.GONE),
        (BadRequest("TOPIC_CLOSED"), Outcome.GONE),
        (BadRequest("Not enough rights to send text messages to the chat"), Outcome.GONE),
        (BadRequest("Can't parse entities"), Outcome.FAULTY),
        (InvalidToken("Unauthorized"), Outcome.NOT_TAKEN),
        (Conflict("terminated by other getUpdates request"), Outcome.NOT_TAKEN),
        (because_of(NetworkError("no"), httpx.ConnectError("no")), Outcome.NOT_TAKEN),
        (because_of(TimedOut(), httpx.PoolTimeout("no")), Outcome.NOT_TAKEN),
        (because_of(TimedOut(), httpx.ReadTimeout("no")), Outcome.IN_DOUBT),
        (NetworkError("Bad Gateway"), Outcome.IN_DOUBT),
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
async def test_what_is_not_telegrams_word_leaves_it_in_doubt(error: TelegramError) -> None:
    assert (await attempt(failing(error))).outcome is Outcome.IN_DOUBT
