"""An outage of the database is one line when it begins and one when it ends, and a probe tells the operator."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from core.availability import FRESH, PARTLY, Availability
from core.errors import Cause, DatabaseUnavailable
from tests.support.patience import PATIENCE


class Database:
    """A database that is in order, or not; and a clock."""

    def __init__(self) -> None:
        self.cause: Cause | None = None
        self.probes = 0
        self.now = 0.0

    async def probe(self) -> None:
        """Write something."""
        self.probes += 1
        await asyncio.sleep(0)
        if self.cause:
            raise DatabaseUnavailable(self.cause)


@pytest.fixture
def database() -> Database:
    """A database in order."""
    return Database()


@pytest.fixture
async def availability(database: Database) -> AsyncIterator[Availability]:
    """What is known of it."""
    availability = Availability(database.probe, clock=lambda: database.now)
    yield availability
    await availability.close()


async def until_available(availability: Availability) -> None:
    async with asyncio.timeout(PATIENCE):
        while availability.cause:
            await asyncio.sleep(0)


async def until_probed(database: Database) -> None:
    before = database.probes
    async with asyncio.timeout(PATIENCE):
        while database.probes < before + 2:
            await asyncio.sleep(0)


def events(log: list[EventDict]) -> list[str]:
    return [line["event"] for line in log]


async def test_many_failures_are_one_line_and_the_end_another(database: Database, availability: Availability) -> None:
    with capture_logs() as log:
        database.cause = Cause.UNREACHABLE
        for _ in range(50):
            availability.failed(DatabaseUnavailable(Cause.UNREACHABLE, "connection refused"))
        database.cause, database.now = None, 7.04
        await until_available(availability)
    assert events(log) == ["database unavailable", "database available again"]
    assert log[0]["reason"] == "the database can't be reached (connection refused)"
    assert (log[1]["after_seconds"], log[1]["failures"]) == (7.0, 50)


async def test_another_cause_of_the_same_outage_is_no_line_of_its_own(
    database: Database, availability: Availability
) -> None:
    with capture_logs() as log:
        database.cause = Cause.STARTING
        availability.failed(DatabaseUnavailable(Cause.UNREACHABLE))
        await until_probed(database)
        assert await availability.check() is Cause.STARTING
    assert events(log) == ["database unavailable"]


@pytest.mark.parametrize(("cause", "seconds"), PARTLY.items())
async def test_what_concerns_a_part_alone_is_not_over_as_soon_as_something_small_can_be_written(
    database: Database, availability: Availability, cause: Cause, seconds: float
) -> None:
    availability.failed(DatabaseUnavailable(cause))
    database.now = seconds - 0.1
    await until_probed(database)
    assert await availability.check() is cause
    database.now = seconds
    await until_available(availability)


@pytest.mark.parametrize("cause", [Cause.LOCKED, Cause.CONFLICTS])
async def test_one_use_case_that_was_held_up_is_no_outage(availability: Availability, cause: Cause) -> None:
    with capture_logs() as log:
        for _ in range(3):
            availability.failed(DatabaseUnavailable(cause))
        assert await availability.check() is None
    assert events(log) == ["database busy"]


async def test_a_probe_holds_for_a_second_and_is_shared(database: Database, availability: Availability) -> None:
    await asyncio.gather(*(availability.check() for _ in range(20)))
    assert database.probes == 1
    database.now = FRESH - 0.1
    await availability.check()
    assert database.probes == 1
    database.now = FRESH
    await availability.check()
    assert database.probes == 2


async def test_a_probe_that_fails_begins_an_outage(database: Database, availability: Availability) -> None:
    database.cause = Cause.READ_ONLY
    with capture_logs() as log:
        assert await availability.check() is Cause.READ_ONLY
        database.cause = None
        await until_available(availability)
    assert await availability.check() is None
    assert events(log) == ["database unavailable", "database available again"]


async def test_a_probe_that_meets_a_lock_says_so_while_it_lasts(database: Database, availability: Availability) -> None:
    database.cause = Cause.LOCKED
    assert await availability.check() is Cause.LOCKED
    database.cause = None
    await until_available(availability)
