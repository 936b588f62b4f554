"""Duties of one process at a time."""

import asyncio
from datetime import timedelta

from core.engine import Engine
from core.services import leases
from core.services.leases import LEASE, LeaderRole
from tests.support.clock import Clock


async def take(engine: Engine, holder: str) -> bool:
    return await engine.write(leases.take, LeaderRole.RECEIVING, holder, engine.now())


async def test_one_of_many_takes_a_duty_on(engine: Engine, database_url: str, clock: Clock) -> None:
    other = Engine(database_url, clock=clock)
    taken = await asyncio.gather(*(take(each, f"holder {n}") for n in range(6) for each in (engine, other)))
    await other.close()
    assert sum(taken) == 2  # the first holder asked twice


async def test_a_duty_is_kept_as_long_as_it_is_renewed(engine: Engine, clock: Clock) -> None:
    assert await take(engine, "one")
    clock.at += LEASE / 2
    assert await take(engine, "one")
    clock.at += LEASE / 2
    assert not await take(engine, "two")


async def test_the_duty_of_the_dead_is_taken_over(engine: Engine, clock: Clock) -> None:
    assert await take(engine, "one")
    clock.at += LEASE
    assert await take(engine, "two")
    assert not await take(engine, "one")


async def test_a_duty_that_is_given_up_is_free_at_once_but_only_its_holder_gives_it_up(engine: Engine) -> None:
    assert await take(engine, "one")
    await engine.write(leases.release, LeaderRole.RECEIVING, "two")
    assert not await take(engine, "two")
    await engine.write(leases.release, LeaderRole.RECEIVING, "one")
    assert await take(engine, "two")


async def test_a_duty_taken_before_the_clock_was_set_back_is_free_but_not_one_whose_clock_is_a_little_ahead(
    engine: Engine, clock: Clock
) -> None:
    assert await take(engine, "one")
    clock.advance(seconds=-0.5)
    assert not await take(engine, "two")
    clock.advance(hours=-1)
    assert await take(engine, "two")
    assert not await take(engine, "one")


async def test_several_processes_measure_a_duty_by_the_clock_of_their_database(database_url: str) -> None:
    engine = Engine(database_url)
    try:
        assert await engine.write(leases.take, LeaderRole.RECEIVING, "one", engine.now())
        elsewhere = engine.now() + timedelta(hours=1)  # the clock of another process's machine
        taken = await engine.write(leases.take, LeaderRole.RECEIVING, "two", elsewhere)
    finally:
        await engine.close()
    assert taken is database_url.startswith("sqlite")
