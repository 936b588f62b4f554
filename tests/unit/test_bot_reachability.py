"""Telegram out of reach: it is asked each second, left alone as long as it says, and found again at once."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.sending.outcomes import Outcome
from bot.sending.reachability import Reachability
from tests.support.virtual_time import in_virtual_time, the_loop

Answer = Callable[[], Awaitable[object]]


class Telegram:
    """Answers `getMe` in one way for so many seconds, and as it should from then on; notes when it was asked."""

    def __init__(self, outage: Answer, seconds: float) -> None:
        self.asked_at: list[float] = []
        self._outage = outage
        self._seconds = seconds
        self.reachability = Reachability(cast("Any", SimpleNamespace(get_me=self._get_me)))

    async def _get_me(self, **_timeouts: float) -> object:
        self.asked_at.append(the_loop().time())
        return await self._outage() if the_loop().time() < self._seconds else object()


async def hangs() -> object:
    return await asyncio.get_running_loop().create_future()


def raises(error: TelegramError) -> Answer:
    async def answer() -> object:
        raise error

    return answer


@pytest.mark.parametrize(
    "outage",
    [raises(NetworkError("Bad Gateway")), raises(InvalidToken()), hangs],
    ids=["refuses", "refuses the token", "hangs"],
)
@in_virtual_time
async def test_during_an_outage_it_is_asked_once_a_second_and_its_end_wakes_everybody(outage: Answer) -> None:
    telegram = Telegram(outage, 20.5)
    reachability = telegram.reachability
    reachability.note(Outcome.UNKNOWN)
    assert reachability.is_in_doubt
    await asyncio.gather(reachability.wait(60.0), reachability.pause(32.0))
    assert the_loop().time() == 21.0
    assert telegram.asked_at == [float(second) for second in range(22)]
    assert not reachability.is_in_doubt


@in_virtual_time
async def test_one_lost_answer_is_no_outage_and_shortens_no_pause() -> None:
    telegram = Telegram(hangs, 0.0)
    telegram.reachability.note(Outcome.UNKNOWN)
    await telegram.reachability.wait(60.0)
    assert the_loop().time() == 0.0
    telegram.reachability.note(Outcome.UNKNOWN)
    await telegram.reachability.pause(4.0)
    assert the_loop().time() == 4.0
    assert telegram.asked_at == [0.0, 0.0]


@in_virtual_time
async def test_when_telegram_says_to_wait_it_is_not_asked_until_then() -> None:
    telegram = Telegram(raises(RetryAfter(30)), 10.0)
    telegram.reachability.note(Outcome.NOT_SENT)
    await asyncio.sleep(5.0)
    telegram.reachability.ask()
    await telegram.reachability.wait(60.0)
    assert telegram.asked_at == [0.0, 30.0]


@in_virtual_time
async def test_a_sign_that_telegram_answers_again_is_followed_at_once() -> None:
    telegram = Telegram(raises(NetworkError("Bad Gateway")), 3.2)
    telegram.reachability.note(Outcome.UNKNOWN)
    await asyncio.sleep(3.3)
    telegram.reachability.ask()
    await telegram.reachability.wait(60.0)
    assert the_loop().time() == 3.3


@in_virtual_time
async def test_a_message_that_arrives_ends_the_doubt() -> None:
    telegram = Telegram(hangs, 60.0)
    telegram.reachability.note(Outcome.UNKNOWN)
    telegram.reachability.note(Outcome.DELIVERED)
    assert not telegram.reachability.is_in_doubt
    await telegram.reachability.close()


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.UNREACHABLE, Outcome.REJECTED])
@in_virtual_time
async def test_what_telegram_itself_refused_raises_no_doubt(outcome: Outcome) -> None:
    telegram = Telegram(hangs, 60.0)
    telegram.reachability.note(outcome)
    assert not telegram.reachability.is_in_doubt
    assert telegram.asked_at == []
