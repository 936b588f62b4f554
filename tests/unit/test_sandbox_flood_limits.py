"""Telegram's limits on how fast a bot may write, by a clock that stands still until it's moved."""

from __future__ import annotations

import pytest

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.flood_limits import FloodLimits


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> FloodLimits:
    limits = FloodLimits(clock)
    limits.switch(on=True)
    return limits


def retry_after(limits: FloodLimits, chat_id: int) -> int:
    with pytest.raises(ApiError) as refusal:
        limits.count(chat_id)
    assert refusal.value.error_code == 429
    return refusal.value.parameters["retry_after"]


def test_a_private_chat_takes_twenty_at_once_and_then_one_a_second(limits: FloodLimits, clock: Clock) -> None:
    for _ in range(20):
        limits.count(1001)
    assert retry_after(limits, 1001) == 1
    clock.now += 1
    limits.count(1001)
    assert retry_after(limits, 1001) == 1
    assert limits.exceeded == 2


def test_all_chats_together_take_thirty_a_second(limits: FloodLimits, clock: Clock) -> None:
    for chat_id in range(1001, 1031):
        limits.count(chat_id)
    assert retry_after(limits, 2000) == 1
    clock.now += 1
    limits.count(2000)


def test_a_group_takes_one_a_second_and_twenty_a_minute(limits: FloodLimits, clock: Clock) -> None:
    limits.count(-5001)
    assert retry_after(limits, -5001) == 1
    for _ in range(19):
        clock.now += 1
        limits.count(-5001)
    clock.now += 1
    assert retry_after(limits, -5001) == 40
    clock.now += 40
    limits.count(-5001)


def test_switching_off_and_on_forgets_what_came(limits: FloodLimits) -> None:
    limits.count(-5001)
    limits.switch(on=True)
    limits.count(-5001)
    assert limits.exceeded == 0
