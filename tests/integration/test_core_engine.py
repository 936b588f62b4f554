"""Use cases run each in a transaction of its own, whatever happens to their callers."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from core.engine import Engine, utc_now
from core.errors import Conflict, DatabaseUnavailable, NotAllowed
from core.storage import account, departments
from core.storage.database import refusing
from core.transactions import ATTEMPTS
from tests.support.patience import PATIENCE
from tests.support.ports import free_port
from tests.support.transactions import under_way

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL_ONLY = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def add_department(session: Session, name: str) -> int:
    return departments.add(session, departments.root_id(session), name)


def add_and_fail(session: Session, name: str) -> None:
    add_department(session, name)
    raise NotAllowed


async def names(engine: Engine) -> set[str]:
    paths = await engine.read(departments.paths)
    return {path[0] for path in paths.values() if path}


async def test_a_write_is_committed_when_it_is_answered(engine: Engine) -> None:
    await engine.write(add_department, "Sales")
    assert await names(engine) == {"Sales"}


async def test_a_refusal_leaves_nothing_behind(engine: Engine) -> None:
    with pytest.raises(NotAllowed):
        await engine.write(add_and_fail, "Sales")
    assert await names(engine) == set()


def add_gate(session: Session) -> int:
    return add_department(session, "Gate")


async def test_a_cancelled_callers_write_is_committed(engine: Engine) -> None:
    async with under_way(engine, add_gate) as caller:
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
    await engine.write(departments.paths)  # on SQLite the next write comes after that one
    async with asyncio.timeout(PATIENCE):
        while await names(engine) != {"Gate"}:
            pass


async def test_closing_finishes_the_writes_under_way(database_url: str, engine: Engine) -> None:
    closing = Engine(database_url)
    async with under_way(closing, add_gate) as first:
        beats = (closing.write(account.record_heartbeat, f"part {number}", utc_now()) for number in range(100))
        waiting = asyncio.gather(*beats)
        await engine.read(departments.root_id)  # by now they are queued
        closed = asyncio.create_task(closing.close())
    await asyncio.gather(closed, first, waiting)
    assert await engine.read(account.last_heartbeat, "part 99")
    assert await names(engine) == {"Gate"}


async def test_after_the_end_callers_are_told_so_and_the_log_is_not(engine: Engine) -> None:
    await engine.close()
    with capture_logs() as log:
        for asked in (engine.read(departments.root_id), engine.write(departments.root_id), engine.is_current()):
            with pytest.raises(DatabaseUnavailable, match="the program ends"):
                await asked
    assert log == []


async def test_one_callers_failure_leaves_the_work_of_those_who_wait_with_it(engine: Engine) -> None:
    async with under_way(engine, add_gate):
        together = asyncio.gather(
            engine.write(add_department, "Sales"),
            engine.write(add_and_fail, "Nowhere"),
            engine.write(add_department, "Support"),
            return_exceptions=True,
        )
        await engine.read(departments.root_id)  # by now they are queued
    assert [type(answer) for answer in await together] == [int, NotAllowed, int]
    assert await names(engine) == {"Gate", "Sales", "Support"}


@SQLITE_ONLY
async def test_a_shared_commit_that_fails_is_told_to_everybody_in_it(engine: Engine) -> None:
    def add_orphan_unnoticed_until_the_commit(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(text("INSERT INTO managed_department (user_id, department_id) VALUES (7, 7)"))

    async with under_way(engine, add_gate):
        together = asyncio.gather(
            engine.write(add_department, "Sales"),
            engine.write(add_orphan_unnoticed_until_the_commit),
            return_exceptions=True,
        )
        await engine.read(departments.root_id)  # by now they are queued
    assert [type(answer) for answer in await together] == [IntegrityError, IntegrityError]
    assert await names(engine) == {"Gate"}


@SQLITE_ONLY
async def test_after_an_error_that_ends_the_shared_transaction_nobody_is_told_of_success(engine: Engine) -> None:
    """A full disk is such an error; here a constraint that says so."""

    def roll_everything_back(session: Session) -> None:
        session.execute(text("INSERT OR ROLLBACK INTO account SELECT * FROM account"))

    async with under_way(engine, add_gate) as first:
        together = asyncio.gather(
            first, engine.write(roll_everything_back), engine.write(add_department, "Sales"), return_exceptions=True
        )
        waiting = asyncio.ensure_future(together)
        await engine.read(departments.root_id)  # by now they are queued
    assert {type(answer) for answer in await waiting} <= {int, IntegrityError}
    told = {
        name for name, answer in zip(("Gate", None, "Sales"), await waiting, strict=True) if isinstance(answer, int)
    }
    assert await names(engine) == told


async def test_a_use_case_runs_again_from_the_start_after_a_conflict(engine: Engine) -> None:
    attempts: list[int] = []

    def conflict_twice(session: Session) -> int:
        attempts.append(add_department(session, "Sales"))
        if len(attempts) < 3:
            raise Conflict
        return attempts[-1]

    sales = await engine.write(conflict_twice)
    assert len(attempts) == 3
    assert (await engine.read(departments.paths))[sales] == ("Sales",)


async def test_a_use_case_whose_conflicts_never_end_is_given_up(engine: Engine) -> None:
    attempts: list[Session] = []

    def conflict(session: Session) -> None:
        attempts.append(session)
        raise Conflict

    with pytest.raises(DatabaseUnavailable, match="conflicts with other transactions"):
        await engine.write(conflict)
    assert len(attempts) == ATTEMPTS


def failing_first(state: str, attempts: list[int]) -> Callable[[Session], None]:
    """A use case that the server stops with this SQLSTATE the first time."""

    def run(session: Session) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'first' USING ERRCODE = '{state}'; END $$"))

    return run


@POSTGRESQL_ONLY
@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_use_case_runs_again_after_a_deadlock(engine: Engine, state: str) -> None:
    attempts: list[int] = []
    await engine.write(failing_first(state, attempts))
    assert len(attempts) == 2


@POSTGRESQL_ONLY
async def test_a_use_case_does_not_run_again_after_a_mistake(engine: Engine) -> None:
    attempts: list[int] = []
    with pytest.raises(DBAPIError, match="first"):
        await engine.write(failing_first("P0001", attempts))
    assert len(attempts) == 1


async def test_another_constraint_than_those_named_is_no_refusal(engine: Engine) -> None:
    def add_below_nothing(session: Session) -> None:
        with refusing(session, uq_department_parent_id_name_key=Conflict()):
            departments.add(session, 7777, "Orphan")

    with pytest.raises(IntegrityError):
        await engine.write(add_below_nothing)


async def test_a_naive_moment_never_reaches_the_database(engine: Engine) -> None:
    with pytest.raises(Exception, match="a moment needs a time zone"):
        await engine.write(account.record_heartbeat, "part", engine.now().replace(tzinfo=None))


async def test_a_moment_comes_back_in_utc(engine: Engine) -> None:
    await engine.write(account.record_heartbeat, "part", engine.now())
    found = await engine.read(account.last_heartbeat, "part")
    assert found == engine.now()
    assert found.tzinfo is not None


def test_the_clock_tells_utc() -> None:
    assert str(utc_now().tzinfo) == "UTC"


@pytest.mark.parametrize("ask", [Engine.migrate, Engine.is_current, lambda engine: engine.read(departments.root_id)])
async def test_an_unreachable_server_is_told_without_its_password(ask: Callable[[Engine], object]) -> None:
    engine = Engine(f"postgresql://gangway:hunter2@127.0.0.1:{free_port()}/gangway")
    with pytest.raises(DatabaseUnavailable) as told:
        await ask(engine)  # type: ignore[misc]  # each of them is a coroutine
    await engine.close()
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


def name_the_root(session: Session, name: str) -> None:
    session.execute(text("UPDATE department SET name_key = :name"), {"name": name})


@pytest.mark.parametrize("content", ["\x00", "\ud800", "x" * 4000], ids=["nul", "surrogate", "long"])
@POSTGRESQL_ONLY
async def test_what_the_database_refuses_for_its_content_is_a_fault_and_no_outage(engine: Engine, content: str) -> None:
    with pytest.raises((DBAPIError, UnicodeEncodeError)):
        await engine.write(name_the_root, content)


async def test_a_number_that_the_database_cannot_hold_is_a_fault_and_no_outage(engine: Engine) -> None:
    def set_seats(session: Session) -> None:
        session.execute(text("UPDATE account SET seats = :seats"), {"seats": 2**70})

    with pytest.raises((DBAPIError, OverflowError)):
        await engine.write(set_seats)


@POSTGRESQL_ONLY
async def test_a_value_too_long_for_its_index_is_a_fault_and_no_outage(engine: Engine) -> None:
    def index_a_long_value(session: Session) -> None:
        session.execute(text("CREATE TEMP TABLE t (v text)"))
        session.execute(text("CREATE INDEX i ON t (v)"))
        many = "SELECT string_agg(md5(n::text), '') FROM generate_series(1, 400) n"  # can't be compressed
        session.execute(text(f"INSERT INTO t {many}"))

    with pytest.raises(OperationalError, match="maximum"):
        await engine.write(index_a_long_value)


@SQLITE_ONLY
async def test_a_statement_that_sqlite_cannot_take_is_a_fault_and_no_outage(engine: Engine) -> None:
    def ask_too_much(session: Session) -> None:
        session.execute(text(" OR ".join(["SELECT 1 WHERE 1", *["1"] * 2000])))

    with pytest.raises(OperationalError, match="too large"):
        await engine.read(ask_too_much)


@pytest.mark.parametrize("folder", ["", "/file/gangway.db"])
async def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    engine = Engine(f"sqlite:///{tmp_path}{folder}")
    for asked in (engine.read(departments.root_id), engine.write(departments.root_id), engine.migrate()):
        with pytest.raises(DatabaseUnavailable):
            await asked
    await engine.close()


async def test_a_new_file_that_another_process_is_setting_up_is_waited_for(tmp_path: Path) -> None:
    """Two halves that start at once: SQLite refuses to switch to WAL mode at once, whatever its time-out."""
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE its_own (number)")
    release = threading.Timer(0.3, other.execute, ["COMMIT"])
    engine = Engine(f"sqlite:///{tmp_path}/new.db")
    release.start()
    assert await engine.read(lambda session: session.scalar(text("PRAGMA journal_mode"))) == "wal"
    await engine.close()
    release.join()
    other.close()
