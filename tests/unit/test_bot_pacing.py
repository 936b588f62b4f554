"""Telegram's limits, in windows a fiftieth as long."""

import asyncio
from time import monotonic

import pytest

from bot.pacing import Limits, Pacer, Window

SCALE = 50
BOTH = pytest.mark.parametrize("replying", [True, False], ids=["replies", "notices"])
LIMITS = Limits()


def scaled(window: Window) -> Window:
    return Window(messages=window.messages, seconds=window.seconds / SCALE)


FAST = Limits(**{name: scaled(getattr(LIMITS, name)) for name in Limits.__dataclass_fields__})


async def sent(pacer: Pacer, chat_id: int, *, replying: bool) -> tuple[int, float]:
    """Send a message as soon as it may go; give its chat and when it went."""
    await (pacer.reply(chat_id) if replying else pacer.notice(chat_id))
    return chat_id, monotonic()


def most_within(window: Window, moments: list[float]) -> int:
    """Count how many went within the fullest stretch as long as the window; a clock's tick is forgiven."""
    moments = sorted(moments)
    ends = (moment + window.seconds - 0.001 for moment in moments)
    return max(sum(start <= other < end for other in moments) for start, end in zip(moments, ends, strict=True))


@BOTH
async def test_in_no_second_go_more_messages_than_telegram_takes(replying: bool) -> None:  # noqa: FBT001 - a case
    pacer = Pacer(FAST)
    went = await asyncio.gather(*(sent(pacer, chat, replying=replying) for chat in range(1, 120)))
    moments = [moment for _, moment in went]
    assert most_within(FAST.all_messages, moments) <= FAST.all_messages.messages
    assert replying or max(moments) - min(moments) >= (len(moments) - 1) * FAST.between_notices.seconds


async def test_one_person_gets_a_notice_a_second() -> None:
    pacer = Pacer(FAST)
    went = await asyncio.gather(*(sent(pacer, 7, replying=False) for _ in range(5)))
    assert most_within(FAST.notices_to_a_person, [moment for _, moment in went]) == 1


async def test_a_person_who_types_fast_is_answered_at_once() -> None:
    pacer, began = Pacer(), monotonic()
    await asyncio.gather(*(sent(pacer, 7, replying=True) for _ in range(10)))
    assert monotonic() - began < 0.3


@BOTH
async def test_a_group_gets_one_a_second_and_twenty_a_minute(replying: bool) -> None:  # noqa: FBT001 - a case
    pacer = Pacer(FAST)
    went = await asyncio.gather(*(sent(pacer, -7, replying=replying) for _ in range(22)))
    moments = [moment for _, moment in went]
    assert most_within(FAST.group_by_second, moments) == 1
    assert most_within(FAST.group_by_minute, moments) <= 19


async def test_a_rush_of_notices_leaves_room_for_replies() -> None:
    pacer = Pacer()
    rush = [asyncio.create_task(sent(pacer, chat, replying=False)) for chat in range(1, 200)]
    await asyncio.sleep(0)
    began = monotonic()
    await asyncio.gather(*(sent(pacer, chat, replying=True) for chat in range(1001, 1005)))
    assert monotonic() - began < 0.3
    for task in rush:
        task.cancel()


async def test_chats_that_have_been_quiet_are_forgotten() -> None:
    now = 0.0
    pacer = Pacer(clock=lambda: now)
    await pacer.reply(7)
    now = 100.0
    await pacer.reply(8)
    assert set(pacer._sent) == {0, 8}  # noqa: SLF001 - the memory itself is what is asked about
