"""The SQLite file, set up to behave as PostgreSQL does, and watched: nothing goes into a file that has no name."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import URL

from core.errors import Cause, DatabaseUnavailable
from core.storage import deadlines
from core.storage.deadlines import Deadlines

OURS = frozenset({"alembic_version", "account"})  # since the first version
LASTING = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY})
"""Errors that a connection goes on to have after their cause is mended: it keeps a bad page that it has read, and one
opened while the file was read-only never writes."""
FIRST_LOCK_BYTE, LOCK_BYTES = 0x40000000, 512
Identity = tuple[int, int] | None
"""Device and number of a file; None if there is none."""


def open_sqlite(url: URL, *, threads: int, watched: Deadlines) -> Engine:
    """Open the file for so many readers, and one writer besides."""
    file = Path(url.database or "")
    with suppress(OSError):  # SQLite reports at the first connection that it can't open the file
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)  # SQLite gives the files beside it the same mode
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, **({} if "timeout" in url.query else {"timeout": deadlines.LOCK})},
        pool_size=threads + 1,
        max_overflow=0,
        hide_parameters=True,
    )
    guard = _Guard(file)
    event.listen(engine, "do_connect", lambda *_: guard.check())
    event.listen(engine, "connect", guard.set_up)
    event.listen(engine, "begin", guard.begin)
    event.listen(engine, "commit", guard.check_connection)
    event.listen(engine, "checkout", partial(_check_out, watched))
    event.listen(engine, "checkin", lambda _dbapi, record: watched.end(record))
    event.listen(engine, "handle_error", _drop_lasting_errors)
    return engine


def _check_out(watched: Deadlines, dbapi: sqlite3.Connection, record: object, _proxy: object) -> None:
    watched.begin(record, dbapi.interrupt)


def _drop_lasting_errors(context: ExceptionContext) -> None:
    """Have a connection closed whose error would last."""
    if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF in LASTING:
        context.is_disconnect = True


class _Guard:
    """Sets connections up, and refuses to use them when the file's name leads nowhere, or to another file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._log = file.with_name(f"{file.name}-wal")
        self._identity: Identity = None

    def set_up(self, dbapi: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401 - the pool's entry
        """Set a new connection up, if the file is ours or empty."""
        dbapi.isolation_level = None  # the driver must not send BEGIN; `begin` does
        refuse_foreign(dbapi)
        _use_write_ahead_log(dbapi)
        dbapi.execute("PRAGMA synchronous=FULL")
        dbapi.execute("PRAGMA foreign_keys=ON")
        dbapi.execute("SELECT 1 FROM sqlite_master").fetchone()  # opens the log
        self._identity = self._identity or identity(self._file)
        record.info["log"] = identity(self._log)

    def begin(self, connection: Connection) -> None:
        """Begin a transaction."""
        self.check_connection(connection)
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    def check_connection(self, connection: Connection) -> None:
        """Refuse a connection whose file, or whose log beside it, has lost its name. Raises DatabaseUnavailable."""
        self.check()
        if identity(self._log) != connection.info["log"]:
            raise DatabaseUnavailable(Cause.FILE_DELETED)

    def check(self) -> None:
        """Raise DatabaseUnavailable if the name leads nowhere, or to another file than the one first opened."""
        if self._identity and (now := identity(self._file)) != self._identity:
            raise DatabaseUnavailable(Cause.FILE_REPLACED if now else Cause.FILE_DELETED)


def identity(file: Path) -> Identity:
    """Return what tells a file from another one of the same name."""
    try:
        status = os.stat(file)  # noqa: PTH116 - twice in each transaction, so without a detour
    except OSError:
        return None
    return status.st_dev, status.st_ino


def refuse_foreign(connection: sqlite3.Connection) -> None:
    """Raise DatabaseUnavailable if the file is another program's, before anything in it is changed."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= OURS:
        raise DatabaseUnavailable(Cause.FOREIGN)


@contextmanager
def exclusively(file: Path) -> Iterator[None]:
    """Keep all other programs from the database in a file. Raises BlockingIOError if one uses it already.

    This works with a damaged file too, because it takes only the lock that each open connection shares (SQLite's file
    format, 1.5, "the lock-byte page"). Its own process must not have the database open: closing the file here would
    drop the locks of those connections.
    """
    with file.open("r+b") as opened:
        fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCK_BYTES, FIRST_LOCK_BYTE)
        yield


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL mode; while another process does so, SQLite refuses at once, whatever its time-out."""
    given_up_at = time.monotonic() + deadlines.LOCK
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > given_up_at:
                raise
            time.sleep(0.02)
        else:
            return
