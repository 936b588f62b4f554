"""The awaitable interface to the synchronous core: the only place with asyncio, threads, transactions and retries."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core.errors import Conflict, DatabaseUnavailable
from core.passwords import PasswordWork
from core.security_log import SecurityLog, session_info, write_noted
from core.storage.database import is_retryable, is_unavailable, open_database
from core.storage.migrate import is_current, upgrade

P = ParamSpec("P")
T = TypeVar("T")
UseCase = Callable[Concatenate[Session, P], T]
Clock = Callable[[], datetime]

THREADS = 8  # readers, and writers on PostgreSQL
MAX_BATCH = 64  # writes that share one commit on SQLite
ATTEMPTS = 12  # of one write before a conflict counts as "database unavailable"


def utc_now() -> datetime:
    """Return the current time, aware UTC; use cases receive it as an argument and never read the clock."""
    return datetime.now(UTC)


class Engine:
    """Runs use cases, each in a transaction of its own on a thread, and returns their results to asyncio.

    Cancelling the caller does not cancel a write: it is still committed, and its result is discarded.
    """

    def __init__(self, database_url: str, *, clock: Clock = utc_now) -> None:
        self.now = clock
        self.passwords = PasswordWork()
        self.security_log = SecurityLog()
        self._database = open_database(database_url, threads=THREADS)
        self._threads = ThreadPoolExecutor(THREADS, "core")
        self._writer = _Writer(self._database, self.security_log) if self._database.dialect.name == "sqlite" else None

    async def migrate(self, then: Callable[[Session], None] = lambda _session: None) -> None:
        """Bring the schema up to date and call `then`, in one transaction; what `then` raises leaves all as it was.

        Several processes may do so at the same time. Raises DatabaseUnavailable, DatabaseNewer.
        """
        await self._on_schema(partial(upgrade, then=then))

    async def is_current(self) -> bool:
        """Return whether the schema is up to date. Raises DatabaseUnavailable, DatabaseNewer."""
        return await self._on_schema(is_current)

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing. Raises its refusals, and DatabaseUnavailable."""

        def run() -> T:
            with Session(self._database) as session, session.begin():
                return use_case(session, *args, **kwargs)

        with _translating_errors():
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and commit; after a conflict with another transaction, run it again from the start.

        Raises the use case's refusals, and DatabaseUnavailable, also after ATTEMPTS conflicts.
        """
        work: Callable[[Session], T] = lambda session: use_case(session, *args, **kwargs)  # noqa: E731 - typed
        with _translating_errors():
            if self._writer:
                return await asyncio.shield(asyncio.wrap_future(self._writer.submit(work)))
            begin = partial(Session, self._database, info=session_info(self.security_log))
            loop = asyncio.get_running_loop()
            return await asyncio.shield(loop.run_in_executor(self._threads, _run, begin, work))

    async def close(self) -> None:
        """Wait for running use cases and hashes, and close the database."""
        await asyncio.to_thread(self._close)

    async def _on_schema(self, work: Callable[[Database], T]) -> T:
        with _translating_errors():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, self._database)

    def _close(self) -> None:
        if self._writer:
            self._writer.close()
        self.passwords.close()
        self._threads.shutdown()
        self._database.dispose()
        self.security_log.close()


class _Writer:
    """The only thread that writes to SQLite, because its lock is not fair and writers could starve.

    Queued writes share one commit, which is the expensive part (`synchronous=FULL`); each has its own savepoint.
    """

    def __init__(self, database: Database, security_log: SecurityLog) -> None:
        self._database = database.execution_options(sqlite_begin="IMMEDIATE")
        self._security_log = security_log
        self._queue: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="core-writer")
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue a write; the future is completed after the commit."""
        done: Future[T] = Future()
        self._queue.put((work, done))
        return done

    def close(self) -> None:
        """Commit the queued writes, then stop the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < MAX_BATCH and not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                batch.append(more)
            self._commit(batch)

    def _commit(self, batch: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        outcomes: list[Callable[[], None]] = []
        try:
            with self._database.connect() as connection, connection.begin():
                info = session_info(self._security_log)
                nested = partial(Session, connection, join_transaction_mode="create_savepoint", info=info)
                outcomes = [_outcome(done, partial(_run, nested, work)) for work, done in batch]
        except BaseException as error:  # noqa: BLE001 - the shared commit failed, so every write in it did
            outcomes = [lambda done=done, error=error: done.set_exception(error) for _, done in batch]  # type: ignore[misc]
        for complete in outcomes:
            complete()


@contextmanager
def _translating_errors() -> Iterator[None]:
    """Raise DatabaseUnavailable for connection errors and persistent conflicts: the edges don't import SQLAlchemy.

    A statement that the database refuses for its content is passed on: it is a fault, and would be refused again.
    """
    try:
        yield
    except DBAPIError as error:
        if not is_unavailable(error):
            raise
        raise DatabaseUnavailable(str(error.orig).splitlines()[0]) from error
    except PoolTimeout as error:
        raise DatabaseUnavailable(str(error).splitlines()[0]) from error
    except Conflict as error:
        message = f"conflicts with other transactions, {ATTEMPTS} times"
        raise DatabaseUnavailable(message) from error


def _run(open_session: Callable[[], Session], work: Callable[[Session], T]) -> T:
    """Run the work in a transaction; after a conflict run it again from the start, ATTEMPTS times at most."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with open_session() as session, session.begin():
                result = work(session)
            write_noted(session.info)  # on SQLite just before the shared commit, which hardly ever fails
        except (Conflict, DBAPIError) as error:
            if attempt == ATTEMPTS or (isinstance(error, DBAPIError) and not is_retryable(error)):
                raise
        else:
            return result
    raise AssertionError


def _outcome(done: Future[T], work: Callable[[], T]) -> Callable[[], None]:
    """Do the work; return a function that completes the caller's future, to be called after the shared commit."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - passed on to the caller
        return lambda error=error: done.set_exception(error)  # type: ignore[misc]
    return lambda: done.set_result(result)
