"""However long the database keeps silent: callers get an answer in time, and what was held is released."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from core.engine import CLOSES_WITHIN, GIVEN_UP_AFTER, Engine
from core.errors import Cause, DatabaseUnavailable
from core.storage import account, deadlines, departments
from core.storage.database import open_database
from core.storage.deadlines import Deadlines
from core.storage.postgresql import with_defaults
from tests.conftest import migrated
from tests.support.account import an_office
from tests.support.patience import PATIENCE, on_this_machine
from tests.support.postgres import CreateDatabase
from tests.support.unsteady_postgres import UnsteadyServer

SHORT = 0.2  # seconds


@pytest.fixture
async def unsteady(unsteady_server: UnsteadyServer) -> AsyncIterator[Engine]:
    """An engine on a server that the test may freeze or kill, with connections in its pool."""
    await asyncio.to_thread(migrated, unsteady_server.url)
    engine = Engine(unsteady_server.url)
    await asyncio.gather(*(engine.read(departments.root_id) for _ in range(4)))
    yield engine
    unsteady_server.thaw()
    await engine.close()


async def outcomes(asked: "Iterable[asyncio.Future[None]]") -> set[object]:
    """Wait for use cases, and return what came of them: None, or why the database was unavailable."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return {answer.cause if isinstance(answer, DatabaseUnavailable) else answer for answer in answers}


def use_cases(engine: Engine) -> "list[asyncio.Future[None]]":
    """More use cases than there are threads, of both kinds."""
    reads = [engine.read(look) for _ in range(12)]
    writes = [engine.write(account.record_heartbeat, f"part {number}", engine.now()) for number in range(12)]
    return [asyncio.ensure_future(use_case) for use_case in (*reads, *writes)]


def look(session: Session) -> None:
    departments.root_id(session)


@pytest.mark.deep  # waits for the deadlines
async def test_a_frozen_server_holds_nobody_up_and_answers_as_soon_as_it_can(
    unsteady: Engine, unsteady_server: UnsteadyServer
) -> None:
    unsteady_server.freeze()
    began = monotonic()
    assert await outcomes(use_cases(unsteady)) == {Cause.NO_ANSWER}
    assert monotonic() - began < on_this_machine(GIVEN_UP_AFTER + deadlines.CONNECT)
    unsteady_server.thaw()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*use_cases(unsteady))


@pytest.mark.deep  # starts a server
async def test_a_short_freeze_costs_nobody_anything(unsteady: Engine, unsteady_server: UnsteadyServer) -> None:
    unsteady_server.freeze()
    asked = use_cases(unsteady)
    await asyncio.wait(asked, timeout=SHORT)
    unsteady_server.thaw()
    assert await outcomes(asked) == {None}


@pytest.mark.deep  # waits, or starts a server twice
async def test_closing_ends_in_time_while_the_server_is_frozen(
    unsteady: Engine, unsteady_server: UnsteadyServer
) -> None:
    unsteady_server.freeze()
    asked = use_cases(unsteady)
    await asyncio.wait(asked, timeout=SHORT)  # they are under way
    began = monotonic()
    await unsteady.close()
    assert monotonic() - began < on_this_machine(CLOSES_WITHIN + deadlines.CONNECT)
    assert None not in await outcomes(asked)


@pytest.mark.deep  # waits, or starts a server twice
async def test_a_killed_server_is_told_and_used_again_as_soon_as_it_is_back(
    unsteady: Engine, unsteady_server: UnsteadyServer
) -> None:
    unsteady_server.kill()
    assert await outcomes(use_cases(unsteady)) == {Cause.UNREACHABLE}
    await asyncio.to_thread(unsteady_server.start)
    await asyncio.gather(*use_cases(unsteady))


async def test_a_row_locked_by_another_session_is_told_as_that(
    unsteady: Engine, unsteady_server: UnsteadyServer
) -> None:
    await an_office(unsteady)
    with unsteady_server.connect() as other, other.transaction():
        other.execute("SELECT FROM account FOR UPDATE")
        with pytest.raises(DatabaseUnavailable) as told:
            await unsteady.write(with_lock_timeout("100ms", account.lock))
    assert told.value.cause is Cause.LOCKED


def with_lock_timeout(timeout: str, use_case: Callable[[Session], object]) -> Callable[[Session], None]:
    def run(session: Session) -> None:
        session.execute(text(f"SET LOCAL lock_timeout = '{timeout}'"))
        use_case(session)

    return run


@pytest.mark.deep  # starts a server
async def test_fewer_connections_than_threads_are_shared(unsteady_server: UnsteadyServer) -> None:
    unsteady_server.execute("CREATE ROLE gangway LOGIN PASSWORD 'secret' CONNECTION LIMIT 2")
    unsteady_server.execute("CREATE DATABASE gangway OWNER gangway")
    url = unsteady_server.url_of("gangway", "secret", "gangway")
    await asyncio.to_thread(migrated, url)
    async with asyncio.timeout(PATIENCE):
        while unsteady_server.sessions("gangway"):  # the server ends those of the migration in its own time
            await asyncio.sleep(0.02)
    engine = Engine(url)
    assert await outcomes(use_cases(engine)) == {None}
    await engine.close()


@pytest.mark.deep  # waits for the server's time-out
async def test_a_process_that_stands_still_in_a_transaction_loses_its_locks(
    unsteady: Engine, unsteady_server: UnsteadyServer
) -> None:
    """Another process' connection is a session with our time-outs whose client says nothing more."""
    await an_office(unsteady)
    still = open_database(unsteady_server.url, threads=1)
    with still.connect() as connection:
        connection.execute(text("SELECT 1 FROM account FOR UPDATE"))
        await unsteady.write(account.lock)
        connection.invalidate()
    still.dispose()


@pytest.mark.deep  # waits, or starts a server twice
async def test_closing_ends_in_time_while_another_program_holds_sqlites_lock(tmp_path: Path) -> None:
    await asyncio.to_thread(migrated, url := f"sqlite:///{tmp_path}/gangway.db")
    other = sqlite3.connect(tmp_path / "gangway.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = Engine(url)
    await engine.read(look)
    writing = asyncio.ensure_future(engine.write(account.record_heartbeat, "part", engine.now()))
    await asyncio.wait([writing], timeout=SHORT)  # it is under way
    began = monotonic()
    await engine.close()
    assert monotonic() - began < on_this_machine(2 * CLOSES_WITHIN)
    writing.cancel()
    other.close()


def test_a_connection_that_takes_too_long_is_interrupted_once() -> None:
    watched, interrupted = Deadlines(SHORT), threading.Event()
    watched.begin("long", interrupted.set)
    assert interrupted.wait(PATIENCE)
    assert watched.was_interrupted()


def test_a_connection_that_ends_in_time_is_left_alone() -> None:
    watched, interrupted = Deadlines(SHORT), []
    watched.begin("short", lambda: interrupted.append("short"))
    watched.end("short")
    later = threading.Event()
    watched.begin("later", later.set)
    assert later.wait(PATIENCE)
    assert interrupted == []


def test_migrations_have_a_time_of_their_own() -> None:
    watched, interrupted, other = Deadlines(SHORT), threading.Event(), threading.Event()
    with watched.lasting(PATIENCE):
        watched.begin("migration", interrupted.set)
    watched.begin("use case", other.set)
    assert other.wait(PATIENCE)
    assert not interrupted.is_set()
    watched.end_all()
    assert interrupted.is_set()


def test_what_begins_after_the_end_is_interrupted_immediately() -> None:
    watched, interrupted = Deadlines(), threading.Event()
    watched.end_all()
    watched.begin("too late", interrupted.set)
    assert interrupted.is_set()


def test_of_several_servers_each_keeps_its_port() -> None:
    url = make_url("postgresql://someone@/gangway?host=one:5432&host=two:5433")
    assert with_defaults(url).query["host"] == ("one:5432", "two:5433")


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("", "statement_timeout", "8s"),
        ("?options=-c%20statement_timeout%3D20s", "statement_timeout", "20s"),
        ("?options=-c%20statement_timeout%3D20s", "lock_timeout", "7s"),
        ("?application_name=other", "application_name", "other"),
        ("?connect_timeout=4", "application_name", "gangway"),
    ],
)
def test_what_the_databases_address_sets_goes_before_our_values(
    create_postgres: CreateDatabase, query: str, name: str, value: str
) -> None:
    database = open_database(create_postgres() + query, threads=1)
    with database.connect() as connection:
        assert connection.scalar(text(f"SHOW {name}")) == value
    database.dispose()
