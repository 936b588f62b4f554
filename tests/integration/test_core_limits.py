"""Limits that all processes share: exact in a race, cheap once used up, and forgotten in time."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from core.domain.challenges import ASKED_FOR
from core.domain.limits import CHALLENGE_TRIES, Attempt, Limit, Pause, Rate
from core.engine import Engine
from core.errors import ProofNeeded, TooManyAttempts
from core.services import challenges, limits
from core.storage import limits as stored
from core.storage import rushes
from core.storage.tables import Base, LimitUse
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.transactions import under_way

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
SLACK = 0.01  # milliseconds are cut off
RATE = Rate(name="knocks", every=timedelta(minutes=1), burst=3)
PAUSE = Pause(
    name="guesses",
    free=3,
    first=timedelta(seconds=2),
    longest=timedelta(seconds=10),
    forgotten_after=timedelta(minutes=10),
)


def by(subject: str, *kinds: Limit) -> list[Attempt]:
    return [Attempt(limit=kind, subject=subject) for kind in kinds or (RATE,)]


async def passes(engine: Engine, attempts: Sequence[Attempt]) -> bool:
    try:
        await engine.write(limits.count, attempts, engine.now())
    except TooManyAttempts:
        return False
    return True


async def until(engine: Engine, attempts: Sequence[Attempt]) -> timedelta:
    """How long one waits for the next attempt."""
    try:
        await engine.read(limits.check, attempts, engine.now())
    except TooManyAttempts as refused:
        return refused.until - engine.now()
    return timedelta()


async def test_a_proof_has_so_many_tries_and_one_end_however_many_come_at_once(engine: Engine) -> None:
    async def passed(attempts: Sequence[Attempt]) -> int:
        writes = (engine.write(limits.count, attempts, engine.now()) for _ in range(CHALLENGE_TRIES.burst + 5))
        answers = await asyncio.gather(*writes, return_exceptions=True)
        assert {type(answer) for answer in answers} == {type(None), ProofNeeded}
        return answers.count(None)

    assert await passed(challenges.try_of("a number")) == CHALLENGE_TRIES.burst
    assert await passed(challenges.end_of("a number")) == 1


async def rows(engine: Engine) -> int:
    return await engine.read(lambda session: session.scalars(select(func.count()).select_from(LimitUse)).one())


@contextmanager
def an_empty_table() -> Iterator[Session]:
    database = create_engine("sqlite://")
    Base.metadata.create_all(database, tables=[Base.metadata.tables[LimitUse.__tablename__]])
    with Session(database) as session:
        yield session
    database.dispose()


@pytest.mark.parametrize(("limit", "allowed"), [(RATE, 3), (PAUSE, 3)], ids=["rate", "pause"])
async def test_of_many_attempts_at_once_through_two_engines_exactly_as_many_pass_as_may(
    engine: Engine, database_url: str, clock: Clock, limit: Limit, allowed: int
) -> None:
    other = Engine(database_url, clock=clock)
    passed = await asyncio.gather(*(passes(each, by("anna", limit)) for _ in range(20) for each in (engine, other)))
    await other.close()
    assert sum(passed) == allowed


async def test_a_rate_lets_one_more_pass_each_time_and_says_when(engine: Engine, clock: Clock) -> None:
    assert [await passes(engine, by("anna")) for _ in range(4)] == [True, True, True, False]
    assert await until(engine, by("anna")) == timedelta(minutes=1)
    clock.advance(seconds=59)
    assert not await passes(engine, by("anna"))
    clock.advance(seconds=1)
    assert [await passes(engine, by("anna")) for _ in range(2)] == [True, False]


async def test_after_a_rest_a_rate_lets_no_more_than_its_burst_pass(engine: Engine, clock: Clock) -> None:
    for _ in range(3):
        await passes(engine, by("anna"))
    clock.advance(days=3)
    assert [await passes(engine, by("anna")) for _ in range(4)] == [True, True, True, False]


async def test_pauses_grow_up_to_the_longest_and_are_forgotten_after_a_rest(engine: Engine, clock: Clock) -> None:
    waits = []
    for _ in range(7):
        assert await passes(engine, by("anna", PAUSE))
        waits.append(await until(engine, by("anna", PAUSE)))
        clock.at += waits[-1]
    assert [wait.total_seconds() for wait in waits] == [0, 0, 2, 4, 8, 10, 10]
    clock.advance(minutes=10)
    assert [await passes(engine, by("anna", PAUSE)) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(("limit", "allowed"), [(RATE, 3), (PAUSE, 3)], ids=["rate", "pause"])
async def test_what_was_counted_before_the_clock_was_set_back_refuses_nobody(
    engine: Engine, clock: Clock, limit: Limit, allowed: int
) -> None:
    attempts = by("anna", limit)
    while await passes(engine, attempts):
        pass
    clock.advance(hours=-1)
    assert await until(engine, attempts) == timedelta()
    assert [await passes(engine, attempts) for _ in range(allowed + 1)] == [True] * allowed + [False]


@pytest.mark.parametrize("limit", [RATE, PAUSE], ids=["rate", "pause"])
async def test_a_step_back_that_is_shorter_than_the_wait_ends_no_wait(
    engine: Engine, clock: Clock, limit: Limit
) -> None:
    attempts = by("anna", limit)
    while await passes(engine, attempts):
        pass
    clock.advance(seconds=-5)
    assert not await passes(engine, attempts)


async def test_subjects_and_limits_are_counted_apart(engine: Engine) -> None:
    for _ in range(3):
        await passes(engine, by("anna"))
    assert not await passes(engine, by("anna"))
    assert await passes(engine, by("boris"))
    assert await passes(engine, by("anna", PAUSE))


async def test_attempts_are_counted_all_or_none(engine: Engine) -> None:
    for _ in range(3):
        await passes(engine, by("anna"))
    assert not await passes(engine, by("anna", PAUSE, RATE))
    assert [await passes(engine, by("anna", PAUSE)) for _ in range(4)] == [True, True, True, False]


async def test_the_refusal_names_the_limit_that_lasts_longest(engine: Engine) -> None:
    for _ in range(3):
        await passes(engine, by("anna", PAUSE, RATE))
    with pytest.raises(TooManyAttempts) as refused:
        await engine.read(limits.check, by("anna", PAUSE, RATE), engine.now())
    assert (refused.value.limit, refused.value.until) == ("knocks", engine.now() + timedelta(minutes=1))


async def test_an_attempt_that_was_not_made_is_taken_back_alone(engine: Engine, clock: Clock) -> None:
    attempts = by("anna", PAUSE)
    for _ in range(4):
        clock.at += await until(engine, attempts)
        assert await passes(engine, attempts)
    waits = await until(engine, attempts)
    clock.at += waits
    assert await passes(engine, attempts)
    await engine.write(limits.take_back, attempts, engine.now())
    assert await until(engine, attempts) == timedelta()
    assert await passes(engine, attempts)
    assert await until(engine, attempts) == 2 * waits  # it is the fifth again


async def test_a_success_takes_back_one_attempt_of_a_rate_and_all_of_a_pause(engine: Engine) -> None:
    attempts = by("anna", PAUSE, RATE)
    for _ in range(3):
        await passes(engine, attempts)
    await engine.write(limits.give_back, attempts)
    assert [await passes(engine, by("anna")) for _ in range(2)] == [True, False]
    assert [await passes(engine, by("anna", PAUSE)) for _ in range(4)] == [True, True, True, False]


async def test_what_has_expired_is_swept_and_nothing_else(engine: Engine, clock: Clock) -> None:
    for subject in ("anna", "boris"):
        await passes(engine, by(subject))
    assert not await engine.read(limits.any_expired, engine.now())
    clock.advance(seconds=30)
    await passes(engine, by("anna"))
    clock.advance(seconds=30)
    assert await engine.read(limits.any_expired, engine.now())
    await engine.write(limits.sweep, engine.now())
    assert await rows(engine) == 1
    assert [await passes(engine, by("anna")) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_sweep_neither_waits_for_an_attempt_that_is_being_counted_nor_forgets_it(
    engine: Engine, clock: Clock
) -> None:
    for subject in ("anna", "boris"):
        await passes(engine, by(subject))
    clock.advance(minutes=1)
    async with under_way(engine, lambda session: limits.count(session, by("boris"), engine.now())) as counting:
        async with asyncio.timeout(PATIENCE):
            await engine.write(limits.sweep, engine.now())
        assert await rows(engine) == 1
    await counting
    assert [await passes(engine, by("boris")) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_sweep_does_not_wait_for_a_rush_that_is_being_prolonged(engine: Engine, clock: Clock) -> None:
    for subject in ("a", "b"):
        await engine.write(rushes.prolong, subject, engine.now())
    clock.advance(seconds=ASKED_FOR.total_seconds())
    async with under_way(engine, lambda session: rushes.prolong(session, "b", engine.now())) as prolonging:
        async with asyncio.timeout(PATIENCE):
            await engine.write(limits.sweep, engine.now())
        assert await engine.read(rushes.until, "a") is None
    await prolonging
    assert await engine.read(rushes.until, "b") == engine.now() + ASKED_FOR


async def test_beyond_the_most_rows_the_first_to_expire_are_forgotten(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    for subject in ("anna", "boris", "clara"):
        await passes(engine, by(subject))
    for _ in range(2):
        await passes(engine, by("clara"))
        await passes(engine, by("boris"))
    await engine.write(limits.sweep, engine.now())
    assert [await passes(engine, by(subject)) for subject in ("anna", "boris", "clara")] == [True, False, False]


async def test_what_was_left_out_is_added_up(engine: Engine) -> None:
    for number in (3, 4):
        await engine.write(limits.add_left_out, limits.STRANGERS, number)
    assert await engine.read(limits.left_out) == {"updates of strangers": 7}


@given(gaps=st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_within_any_stretch_no_more_pass_than_the_burst_and_one_for_each_interval(gaps: list[float]) -> None:
    attempt, passed, at = Attempt(limit=RATE, subject="anna"), list[datetime](), START
    with an_empty_table() as session:
        for gap in gaps:
            at += timedelta(seconds=gap)
            if not stored.count(session, [attempt], at).refused:
                passed.append(at)
    for number, first in enumerate(passed):
        for more, last in enumerate(passed[number:], 1):
            assert more <= RATE.burst + (last - first) / RATE.every + SLACK


async def test_of_several_attempts_the_one_whose_limit_was_used_up_before_is_named(engine: Engine) -> None:
    once = Attempt(limit=Rate(name="once", every=timedelta(days=30), burst=1), subject="ticket")
    [busy] = by("anna")
    for _ in range(3):
        assert await passes(engine, [busy])
    with pytest.raises(TooManyAttempts) as refused:
        await engine.write(limits.count, [busy, once], engine.now())
    assert refused.value.limit == busy.limit.name
    assert await passes(engine, [once])  # nothing of it was counted
