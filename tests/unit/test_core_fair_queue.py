"""The queue before the slots for password hashing: bounded, in turns, and nobody waits for those who hung up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Busy, TooManyAtOnce
from core.fair_queue import WAITING_PER_SLOT, FairQueue, Lane, Requester
from tests.support.patience import PATIENCE


class Line:
    """A queue with one slot that is taken, and those who come to it, by name."""

    def __init__(self) -> None:
        self.queue = FairQueue(1)
        self.served: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def comes(self, name: str, network: str = "", account: str = "", lane: Lane = Lane.LOG_IN) -> None:
        """Let a requester come and wait, from a network of its own unless one is named."""
        requester = Requester(lane=lane, network=network or name, account=account)
        self.tasks[name] = asyncio.create_task(self._waits(name, requester))
        await asyncio.sleep(0)

    async def _waits(self, name: str, requester: Requester) -> None:
        await self.queue.turn(requester)
        self.served.append(name)

    async def serve(self, times: int) -> list[str]:
        """Give the slot on so many times; return who got it, in order."""
        self.served.clear()
        for _ in range(times):
            self.queue.leave()
            await asyncio.sleep(0)
        return list(self.served)

    async def refusal(self, name: str) -> type[BaseException] | None:
        """Return how a requester that no longer waits was refused."""
        await asyncio.sleep(0)
        task = self.tasks[name]
        error = task.exception() if task.done() else None
        return type(error) if error else None


@asynccontextmanager
async def a_line() -> AsyncIterator[Line]:
    line = Line()
    await line.queue.turn(Requester(lane=Lane.NEW_PASSWORD, network="", account="at work"))
    yield line
    for task in line.tasks.values():
        task.cancel()
    await asyncio.gather(*line.tasks.values(), return_exceptions=True)


async def fill(line: Line, *, networks: int) -> None:
    """Fill the lane for log-ins with clients of so many networks."""
    for number in range(WAITING_PER_SLOT):
        await line.comes(f"client {number}", network=f"network {number % networks}")


async def test_a_network_gets_its_turn_after_one_of_each_other_network() -> None:
    async with a_line() as line:
        for number in range(20):
            await line.comes(f"flood {number}", network="flood")
        await line.comes("anna")
        await line.comes("boris")
        assert await line.serve(4) == ["flood 0", "anna", "boris", "flood 1"]


async def test_within_a_network_accounts_take_turns() -> None:
    async with a_line() as line:
        for number in range(5):
            await line.comes(f"guess {number}", network="school", account="victim")
        await line.comes("anna", network="school", account="anna")
        assert await line.serve(3) == ["guess 0", "anna", "guess 1"]


async def test_lanes_take_turns() -> None:
    async with a_line() as line:
        for number in range(10):
            await line.comes(f"newcomer {number}", lane=Lane.SIGN_UP)
        await line.comes("anna", lane=Lane.LOG_IN)
        await line.comes("owner", lane=Lane.NEW_PASSWORD)
        assert await line.serve(4) == ["newcomer 0", "anna", "owner", "newcomer 1"]


async def test_who_hangs_up_leaves_at_once() -> None:
    async with a_line() as line:
        for number in range(WAITING_PER_SLOT):
            await line.comes(f"gone {number}")
        for task in line.tasks.values():
            task.cancel()
        await line.comes("anna")
        assert await line.serve(1) == ["anna"]


async def test_a_slot_that_comes_too_late_is_passed_on() -> None:
    async with a_line() as line:
        await line.comes("gone")
        await line.comes("anna")
        line.queue.leave()
        line.tasks["gone"].cancel()  # the slot is given, and the task hasn't run since
        await asyncio.gather(*line.tasks.values(), return_exceptions=True)
        assert line.served == ["anna"]


async def test_a_full_lane_turns_clients_away_and_says_when_to_come_again() -> None:
    async with a_line() as line:
        await fill(line, networks=WAITING_PER_SLOT)
        with pytest.raises(Busy) as refused:
            await line.queue.turn(Requester(lane=Lane.LOG_IN, network="anna", account=""))
        assert 1 <= refused.value.retry_after <= WAITING_PER_SLOT


async def test_a_full_lane_leaves_the_other_lanes_open() -> None:
    async with a_line() as line:
        await fill(line, networks=1)
        await line.comes("anna", lane=Lane.SIGN_UP)
        assert await line.serve(2) == ["client 0", "anna"]


async def test_the_newest_place_of_the_largest_network_makes_room_in_a_full_lane() -> None:
    async with a_line() as line:
        await fill(line, networks=1)
        await line.comes("anna")
        assert await line.refusal(f"client {WAITING_PER_SLOT - 1}") is TooManyAtOnce
        assert await line.serve(3) == ["client 0", "anna", "client 1"]


async def test_a_network_that_fills_a_lane_gets_no_more_places() -> None:
    async with a_line() as line:
        await fill(line, networks=1)
        await line.comes("one more", network="network 0")
        assert await line.refusal("one more") is TooManyAtOnce
        assert await line.serve(1) == ["client 0"]


async def test_a_free_slot_is_given_without_waiting() -> None:
    queue, requester = FairQueue(2), Requester(lane=Lane.LOG_IN, network="", account="")
    await queue.turn(requester)
    await queue.turn(requester)
    third = asyncio.create_task(queue.turn(requester))
    await asyncio.sleep(0)
    assert not third.done()
    queue.leave()
    await third


COMING = st.tuples(st.sampled_from(Lane), st.sampled_from("abc"), st.sampled_from("xy"))
STEPS = st.lists(COMING | st.just("leave") | st.integers(min_value=0, max_value=50), max_size=60)


class Slots:
    """A queue with two slots, and who has one."""

    def __init__(self) -> None:
        self.queue, self.running, self.tasks = FairQueue(2), set[int](), list[asyncio.Task[None]]()

    def come(self, requester: Requester) -> None:
        self.tasks.append(asyncio.create_task(self._take(len(self.tasks), requester)))

    async def _take(self, number: int, requester: Requester) -> None:
        await self.queue.turn(requester)
        self.running.add(number)

    def leave(self) -> None:
        if self.running:
            self.running.pop()
            self.queue.leave()

    def hang_up(self, number: int) -> None:
        if number < len(self.tasks):
            self.tasks[number].cancel()


@given(steps=STEPS)
async def test_no_slot_is_lost_or_given_twice(steps: list[tuple[Lane, str, str] | str | int]) -> None:
    slots = Slots()
    for step in steps:
        if isinstance(step, tuple):
            slots.come(Requester(lane=step[0], network=step[1], account=step[2]))
        elif isinstance(step, int):
            slots.hang_up(step)
        else:
            slots.leave()
            continue  # leaving and what comes next happen at the same moment
        await asyncio.sleep(0)
        assert len(slots.running) <= 2
    await asyncio.sleep(0)  # those who have just been given a slot take it
    while slots.running:
        slots.leave()
        await asyncio.sleep(0)
    results = await asyncio.wait_for(asyncio.gather(*slots.tasks, return_exceptions=True), PATIENCE)
    assert all(result is None or isinstance(result, asyncio.CancelledError) for result in results)
