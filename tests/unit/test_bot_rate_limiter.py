"""Telegram's limits, in windows a fiftieth as long."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sending.rate_limiter import Limits, RateLimiter, Total, Window
from tests.support.selection import many
from tests.support.virtual_time import in_virtual_time, the_loop

SCALE = 50
BOTH = pytest.mark.parametrize("replying", [True, False], ids=["replies", "notices"])
LIMITS = Limits()


def scaled(limit: Any) -> Any:  # noqa: ANN401 - a window or a distance
    return replace(limit, seconds=limit.seconds / SCALE) if isinstance(limit, Window) else limit / SCALE


FAST = Limits(**{name: scaled(getattr(LIMITS, name)) for name in Limits.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class Road:
    """How a message fares: seconds on the way, and for the answer; a stall holds the whole process up in between."""

    there: float = 0.0
    back: float = 0.0
    stall: float = 0.0


async def sent(limiter: RateLimiter, chat_id: int, *, replying: bool, road: Road = Road()) -> float:
    """Send a message as soon as it may go; give the moment when it arrived."""
    with await (limiter.reply(chat_id) if replying else limiter.notice(chat_id)):
        await asyncio.sleep(road.there)
        the_loop().stall(road.stall)
        arrived = the_loop().time()
        await asyncio.sleep(road.back)
    return arrived


def limiter_of(limits: Limits) -> RateLimiter:
    return RateLimiter(limits, clock=the_loop().time)


def most_within(window: Window, moments: list[float]) -> int:
    """Count how many arrived within the fullest stretch as long as the window."""
    ends = (moment + window.seconds for moment in moments)
    return max(sum(start <= other < end for other in moments) for start, end in zip(moments, ends, strict=True))


roads = st.builds(Road, there=st.floats(0, 0.02), back=st.floats(0, 0.02), stall=st.sampled_from([0.0] * 9 + [0.015]))


@settings(max_examples=many(12), deadline=None)
@given(st.lists(st.tuples(st.booleans(), roads), min_size=40, max_size=60))
@in_virtual_time
async def test_in_no_second_more_messages_arrive_than_telegram_takes_however_they_fare(
    messages: list[tuple[bool, Road]],
) -> None:
    limiter = limiter_of(FAST)
    sendings = (sent(limiter, chat, replying=how, road=road) for chat, (how, road) in enumerate(messages, 1))
    assert most_within(FAST.all_messages, await asyncio.gather(*sendings)) <= FAST.all_messages.messages


@settings(max_examples=many(12), deadline=None)
@given(st.lists(st.tuples(st.sampled_from([-7, 7]), st.booleans(), roads), min_size=8, max_size=24))
@in_virtual_time
async def test_no_chat_gets_more_messages_than_telegram_takes_whatever_they_are(
    messages: list[tuple[int, bool, Road]],
) -> None:
    limiter = limiter_of(FAST)
    arrived = await asyncio.gather(*(sent(limiter, chat, replying=how, road=road) for chat, how, road in messages))
    for chat, windows in (
        (-7, (FAST.group_by_second, FAST.group_by_minute)),
        (7, (FAST.replies_to_a_person,)),
    ):
        moments = [moment for moment, (where, _, _) in zip(arrived, messages, strict=True) if where == chat]
        assert all(most_within(window, moments) <= window.messages for window in windows if moments)


@in_virtual_time
async def test_notices_keep_their_distance() -> None:
    limiter = limiter_of(FAST)
    moments = sorted(await asyncio.gather(*(sent(limiter, chat, replying=False) for chat in range(1, 40))))
    tick = 0.001  # a message is on its way for a moment, too
    assert all(later - earlier >= FAST.between_notices - tick for earlier, later in pairwise(moments))


@in_virtual_time
async def test_messages_that_telegram_does_not_answer_hold_up_as_many_as_may_be_on_their_way() -> None:
    limiter, slow = limiter_of(FAST), Road(back=0.3)
    began = the_loop().time()
    moments = await asyncio.gather(*(sent(limiter, chat, replying=True, road=slow) for chat in range(1, 41)))
    assert sum(moment - began < 0.3 for moment in moments) == FAST.all_messages.messages


@in_virtual_time
async def test_one_person_gets_a_notice_a_second() -> None:
    limiter = limiter_of(FAST)
    moments = await asyncio.gather(*(sent(limiter, 7, replying=False) for _ in range(5)))
    assert most_within(FAST.notices_to_a_person, moments) == 1


@in_virtual_time
async def test_a_person_who_types_fast_is_answered_at_once() -> None:
    limiter, began = limiter_of(LIMITS), the_loop().time()
    await asyncio.gather(*(sent(limiter, 7, replying=True) for _ in range(10)))
    assert the_loop().time() - began < 0.3


@BOTH
@in_virtual_time
async def test_a_group_gets_one_a_second_and_twenty_a_minute(replying: bool) -> None:  # noqa: FBT001 - a case
    limiter = limiter_of(FAST)
    moments = await asyncio.gather(*(sent(limiter, -7, replying=replying) for _ in range(22)))
    assert most_within(FAST.group_by_second, moments) == 1
    assert most_within(FAST.group_by_minute, moments) <= 19


@in_virtual_time
async def test_a_rush_of_notices_leaves_room_for_replies() -> None:
    limiter = limiter_of(LIMITS)
    rush = [asyncio.create_task(sent(limiter, chat, replying=False)) for chat in range(1, 200)]
    await asyncio.sleep(1.2)  # what notices may take is taken
    began = the_loop().time()
    await asyncio.gather(*(sent(limiter, chat, replying=True) for chat in range(1001, 1005)))
    assert the_loop().time() - began < 0.3
    for task in rush:
        task.cancel()


@in_virtual_time
async def test_strangers_are_answered_a_few_a_second_and_leave_room_for_replies() -> None:
    limiter, began = limiter_of(LIMITS), the_loop().time()

    async def answered(chat: int) -> float:
        with await limiter.reply_to_stranger(chat):
            return the_loop().time() - began

    crowd = [asyncio.create_task(answered(chat)) for chat in range(1, 13)]
    await asyncio.gather(*(sent(limiter, chat, replying=True) for chat in range(1001, 1020)))
    assert the_loop().time() - began < 0.3
    waits = sorted(await asyncio.gather(*crowd))
    assert [sum(second <= wait < second + 1 for wait in waits) for second in range(3)] == [5, 5, 2]


@in_virtual_time
async def test_replies_that_are_held_up_go_before_all_notices() -> None:
    limiter, went = limiter_of(FAST), list[str]()

    async def goes(what: str, chat_id: int) -> None:
        with await (limiter.reply(chat_id) if what == "reply" else limiter.notice(chat_id)):
            went.append(what)

    rush = [asyncio.create_task(goes("notice", chat)) for chat in range(1, 200)]
    await asyncio.sleep(FAST.notices.seconds)  # what notices may take is taken
    await asyncio.gather(*(goes("reply", chat) for chat in range(1001, 1061)))
    await asyncio.gather(*rush)
    replies = [place for place, what in enumerate(went) if what == "reply"]
    assert went[replies[0] : replies[-1]].count("notice") == 0


@in_virtual_time
async def test_a_reply_that_is_given_up_holds_up_no_notice() -> None:
    limiter = limiter_of(FAST)
    with ExitStack() as on_their_way:
        for chat in range(1, 30):
            on_their_way.enter_context(await limiter.reply(chat))
        held_up = asyncio.create_task(limiter.reply(100))
        notice = asyncio.create_task(limiter.notice(200))
        await asyncio.sleep(0)
        held_up.cancel()
        await asyncio.wait([held_up])
    await notice


@in_virtual_time
async def test_a_message_that_failed_counts_and_lets_others_follow() -> None:
    limiter = limiter_of(FAST)
    with pytest.raises(ConnectionError), await limiter.notice(7):
        raise ConnectionError
    began = the_loop().time()
    await sent(limiter, 7, replying=False)
    assert the_loop().time() - began >= FAST.notices_to_a_person.seconds - 0.005


async def test_chats_that_have_been_quiet_are_forgotten() -> None:
    now = 0.0
    limiter = RateLimiter(clock=lambda: now)
    with await limiter.reply(7):
        pass
    now = 100.0
    with await limiter.reply(8):
        pass
    assert set(limiter._counted) == {Total.ALL, 8}  # noqa: SLF001 - the memory itself is what is asked about
