"""A synchronous core behind an awaitable door: the one place where core meets asyncio, threads and transactions."""

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core.errors import Conflict, DatabaseUnavailable
from core.storage.database import is_retryable, open_database
from core.storage.migrate import is_current, upgrade

P = ParamSpec("P")
T = TypeVar("T")
UseCase = Callable[Concatenate[Session, P], T]
Clock = Callable[[], datetime]

THREADS = 8
SHARED_COMMIT = 64
ATTEMPTS = 12
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's minimum: 19 MiB, about 30 ms


def utc_now() -> datetime:
    """Read the wall clock; use cases are given what it says."""
    return datetime.now(UTC)


class Engine:
    """Runs use cases, each in one transaction on a thread, and hands their results to asyncio.

    A cancelled caller does not cancel a write: it is finished and committed, only nobody waits for the answer.
    """

    def __init__(self, database_url: str, *, clock: Clock = utc_now) -> None:
        self.now = clock
        self._database = open_database(database_url, threads=THREADS)
        self._threads = ThreadPoolExecutor(THREADS, "core")
        self._hashers = ThreadPoolExecutor(os.cpu_count() or 1, "hash")
        self._nobody = _hash_of_nobody()  # now, since the first log-in must not take longer than the next
        self._writer = _Writer(self._database) if self._database.dialect.name == "sqlite" else None

    async def migrate(self) -> None:
        """Bring the schema up to date; several processes may do so at once.

        Raises DatabaseUnavailable, DatabaseNewer.
        """
        await self._on_schema(upgrade)

    async def is_current(self) -> bool:
        """Tell whether the schema is up to date. Raises DatabaseUnavailable."""
        return await self._on_schema(is_current)

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing. Raises DatabaseUnavailable, as `write` does."""

        def run() -> T:
            with Session(self._database) as session, session.begin():
                return use_case(session, *args, **kwargs)

        with _naming_trouble():
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and commit it, again from the start after a conflict with another transaction."""
        work: Callable[[Session], T] = lambda session: use_case(session, *args, **kwargs)  # noqa: E731 - typed
        with _naming_trouble():
            if self._writer:
                return await asyncio.shield(asyncio.wrap_future(self._writer.put(work)))
            begin, loop = partial(Session, self._database), asyncio.get_running_loop()
            return await asyncio.shield(loop.run_in_executor(self._threads, _run, begin, work))

    async def hash(self, password: str) -> str:
        """Hash a password (argon2id), as many at once as there are cores."""
        return await asyncio.get_running_loop().run_in_executor(self._hashers, HASHER.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password fits; None, for nobody, takes the same time and never does."""

        def run() -> bool:
            try:
                HASHER.verify(password_hash or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
            return password_hash is not None

        return await asyncio.get_running_loop().run_in_executor(self._hashers, run)

    async def close(self) -> None:
        """Finish what is under way and close the database."""
        await asyncio.to_thread(self._close)

    async def _on_schema(self, work: Callable[[Database], T]) -> T:
        with _naming_trouble():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, self._database)

    def _close(self) -> None:
        if self._writer:
            self._writer.close()
        self._hashers.shutdown(cancel_futures=True)  # whoever still waits for a hash has been hung up on
        self._threads.shutdown()
        self._database.dispose()


@cache
def _hash_of_nobody() -> str:
    """Return a hash to verify passwords against that belong to no user; once a process, as hashing is expensive."""
    return HASHER.hash("nobody's password")


class _Writer:
    """The one thread that writes to SQLite: no lock queue to starve in.

    Writes that wait together share one commit, each under its own savepoint.
    """

    def __init__(self, database: Database) -> None:
        self._database = database.execution_options(sqlite_begin="IMMEDIATE")
        self._waiting: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="core-writer")
        self._thread.start()

    def put(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue a write; the future is done after its commit."""
        done: Future[T] = Future()
        self._waiting.put((work, done))
        return done

    def close(self) -> None:
        """Write what is queued, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while len(batch) < SHARED_COMMIT and not self._waiting.empty():
                if (more := self._waiting.get()) is None:
                    self._waiting.put(None)
                    break
                batch.append(more)
            self._commit(batch)

    def _commit(self, batch: list[tuple[Callable[[Session], Any], Future[Any]]]) -> None:
        answers: list[Callable[[], None]] = []
        try:
            with self._database.connect() as connection, connection.begin():
                nested = partial(Session, connection, join_transaction_mode="create_savepoint")
                answers = [_answer(done, partial(_run, nested, work)) for work, done in batch]
        except BaseException as error:  # noqa: BLE001 - the shared commit failed: nobody's work stands, everybody is told
            answers = [lambda done=done, error=error: done.set_exception(error) for _, done in batch]  # type: ignore[misc]
        for answer in answers:
            answer()


@contextmanager
def _naming_trouble() -> Iterator[None]:
    """Tell the edges, which know no SQL, that the database can't be reached."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise DatabaseUnavailable(str(getattr(error, "orig", error)).splitlines()[0]) from error
    except Conflict as error:
        message = f"others were faster {ATTEMPTS} times"
        raise DatabaseUnavailable(message) from error


def _run(open_session: Callable[[], Session], work: Callable[[Session], T]) -> T:
    """Run the work in a transaction, and again from the start while others are faster."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with open_session() as session, session.begin():
                return work(session)
        except (Conflict, DBAPIError) as error:
            if attempt == ATTEMPTS or (isinstance(error, DBAPIError) and not is_retryable(error)):
                raise
    raise AssertionError


def _answer(done: Future[T], work: Callable[[], T]) -> Callable[[], None]:
    """Do the work; its outcome, good or bad, belongs to this one caller and is told after the commit."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - handed on to the caller, whatever it is
        return lambda error=error: done.set_exception(error)  # type: ignore[misc]
    return lambda: done.set_result(result)
