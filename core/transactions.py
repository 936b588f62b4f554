"""Runs work on threads, each piece in a transaction of its own, again after conflicts, and translates what fails."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.errors import BUSY, Cause, Conflict, DatabaseUnavailable
from core.resources import thread_pool
from core.security_log import SecurityLog, session_info, write_noted
from core.storage import deadlines
from core.storage.causes import cause_of, is_retryable, words_of
from core.storage.database import file_of, open_database
from core.storage.deadlines import Deadlines
from core.storage.shared_clock import USES_SYSTEM_CLOCK

if TYPE_CHECKING:
    from sqlalchemy.pool import QueuePool

T = TypeVar("T")
Work = Callable[[Session], T]

THREADS = 8  # readers, and writers on PostgreSQL
MAX_BATCH = 64  # writes that share one commit on SQLite
RETURNED_AFTER = 0.02  # seconds: a connection that another use case has is soon free again
ATTEMPTS = 12  # of one write before a conflict counts as "database unavailable"


class Transactions:
    """Runs work in transactions. Each method returns a future; one that hasn't begun can be cancelled.

    Its exceptions are those of the work, and DatabaseUnavailable.
    """

    def __init__(self, database_url: str, security_log: SecurityLog, *, system_clock: bool) -> None:
        self._security_log = security_log
        self._info = {USES_SYSTEM_CLOCK: system_clock}
        self._deadlines = Deadlines()
        self._database = open_database(database_url, threads=THREADS, watched=self._deadlines)
        self._file = file_of(self._database)
        self._pool = cast("QueuePool", self._database.pool)
        self._threads = thread_pool(THREADS, "core")
        self._writer = _Writer(self._database, security_log, self._told_of_write) if self._file else None
        self._closed = False
        self.answered_at = monotonic()
        self.state = object()  # another one after each write, before its caller hears of it

    def read(self, work: Work[T]) -> Future[T]:
        """Run work that changes nothing."""

        def run() -> T:
            with Session(self._database) as session, session.begin():
                return work(session)

        return self._submit(self._told, run)

    def write(self, work: Work[T]) -> Future[T]:
        """Run work and commit; after a conflict, run it again from the start, ATTEMPTS times at most."""
        if self._writer:
            return _refused() if self._closed else self._writer.submit(work)
        begin = partial(Session, self._database, info=session_info(self._security_log) | self._info)
        return self._submit(self._told_of_write, partial(_attempt, begin, work))

    def on_schema(self, work: Callable[[Database], T]) -> Future[T]:
        """Run work on the schema, which may take long and begins its own transactions."""

        def run() -> T:
            with self._deadlines.lasting(deadlines.MIGRATION):
                return work(self._database)

        return self._submit(self._told, run)

    def close(self, within: float) -> None:
        """Finish all work, and close the database; after so many seconds, interrupt what is left."""
        self._closed = True
        too_late = threading.Timer(within, self._abandon)
        too_late.start()
        if self._writer:
            self._writer.close(within)
        self._threads.shutdown()
        too_late.cancel()
        self._database.dispose()

    def _submit(self, told: Callable[[Callable[[], T]], T], run: Callable[[], T]) -> Future[T]:
        try:
            return self._threads.submit(told, run)
        except RuntimeError:  # the threads have been told to end
            return _refused()

    def _abandon(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._deadlines.end_all()

    def _told(self, run: Callable[[], T]) -> T:
        """Do something with the database; note when it has answered. Raises DatabaseUnavailable."""
        try:
            result = self._connected(run)
        except Exception as error:
            unavailable = self._unavailable(error)
            if unavailable is None or unavailable.cause in BUSY:
                self.answered_at = monotonic()
            if unavailable is None or unavailable is error:
                raise
            raise unavailable from error
        self.answered_at = monotonic()
        return result

    def _told_of_write(self, run: Callable[[], T]) -> T:
        """Do something with the database as `_told` does, after which it may hold something else."""
        try:
            return self._told(run)
        finally:
            self.state = object()

    def _connected(self, run: Callable[[], T]) -> T:
        """Do something; if the server has no connection left for it, wait for one of those that we have.

        Nothing has been done by then.
        """
        given_up_at = monotonic() + deadlines.CONNECT
        while True:
            try:
                return run()
            except DBAPIError as error:
                is_missing = cause_of(error, self._file) is Cause.NO_CONNECTIONS
                ours = self._pool.checkedout() + self._pool.checkedin()
                if not (is_missing and ours) or monotonic() > given_up_at:
                    raise
            sleep(RETURNED_AFTER)

    def _unavailable(self, error: Exception) -> DatabaseUnavailable | None:
        """Return what an error says of the database; None if it says nothing about it."""
        if isinstance(error, DatabaseUnavailable):
            return error
        if isinstance(error, Conflict):
            return DatabaseUnavailable(Cause.CONFLICTS, f"{ATTEMPTS} times")
        cause = cause_of(error, self._file)
        if cause is None:
            return None
        if self._deadlines.was_interrupted():
            cause = Cause.NO_ANSWER
        return DatabaseUnavailable(cause, "" if self._file else words_of(error, cause))  # SQLite's add nothing


class _Writer:
    """The only thread that writes to SQLite, because its lock is not fair and writers could starve.

    Queued writes share one commit, which is the expensive part (`synchronous=FULL`); each has its own savepoint. One
    that is alone needs none.
    """

    def __init__(self, database: Database, security_log: SecurityLog, told: Callable[[Callable[[], Any]], Any]) -> None:
        self._database = database.execution_options(sqlite_begin="IMMEDIATE")
        self._security_log = security_log
        self._told = told
        self._queue: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        # A daemon: if another program holds the lock, nothing can interrupt the wait for it.
        self._thread = threading.Thread(target=self._run, name="core-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a write; the future is completed after the commit."""
        done: Future[T] = Future()
        self._queue.put((work, done))
        return done

    def close(self, within: float) -> None:
        """Commit the queued writes, then stop the thread; leave it alone if it can't within so many seconds."""
        self._queue.put(None)
        self._thread.join(within)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < MAX_BATCH and not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                batch.append(more)
            self._finish([(work, done) for work, done in batch if done.set_running_or_notify_cancel()])

    def _finish(self, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        """Do the writes of a batch, and complete their futures after the commit."""
        if len(batch) == 1:
            self._finish_one(*batch[0])
        elif batch:
            self._finish_several(batch)

    def _finish_one(self, work: Work[T], done: Future[T]) -> None:
        begin = partial(Session, self._database, info=session_info(self._security_log))
        try:
            result = self._told(partial(_attempt, begin, work))
        except BaseException as error:  # noqa: BLE001 - passed on to the caller
            done.set_exception(error)
        else:
            done.set_result(result)

    def _finish_several(self, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        """Do writes in a transaction of their own, and complete their futures after the shared commit."""
        try:
            outcomes = self._told(partial(self._commit, batch))
        except BaseException as error:  # noqa: BLE001 - the shared commit failed, so every write in it did
            outcomes = [partial(done.set_exception, error) for _, done in batch]
        for complete in outcomes:
            complete()

    def _commit(self, batch: list[tuple[Work[Any], Future[Any]]]) -> list[Callable[[], None]]:
        with self._database.connect() as connection, connection.begin():
            info = session_info(self._security_log)
            nested = partial(Session, connection, join_transaction_mode="create_savepoint", info=info)
            return [self._outcome(connection, done, partial(_attempt, nested, work)) for work, done in batch]

    def _outcome(self, connection: Connection, done: Future[T], work: Callable[[], T]) -> Callable[[], None]:
        """Do the work; return a function that completes the caller's future.

        Raises what failed if SQLite has then rolled everything back, also what others in the batch did.
        """
        try:
            result = self._told(work)
        except BaseException as error:  # noqa: BLE001 - passed on to the caller
            if not _is_in_transaction(connection):
                raise _original(error) from None
            return partial(done.set_exception, error)
        return partial(done.set_result, result)


def _refused() -> "Future[Any]":
    refused: Future[Any] = Future()
    refused.set_exception(DatabaseUnavailable(Cause.CLOSED))
    return refused


def _is_in_transaction(connection: Connection) -> bool:
    """Return whether SQLite still has the transaction that we began: some errors end it (its manual, "Transaction")."""
    driver: Any = None if connection.invalidated else connection.connection.driver_connection
    return bool(driver and driver.in_transaction)


def _original(error: BaseException) -> BaseException:
    """Return the first of the database's errors: undoing a savepoint that is gone makes another one."""
    while isinstance(error.__context__, DBAPIError):
        error = error.__context__
    return error


def _attempt(open_session: Callable[[], Session], work: Work[T]) -> T:
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
