"""Connections to SQLite and PostgreSQL, set up to behave alike, and translation of constraint violations."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Index, PrimaryKeyConstraint, UniqueConstraint, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.storage.tables import Base

BUSY_SECONDS = 15
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock

# What passes, whatever is in the statement; anything else the database refuses for its content, and would again.
# PostgreSQL, classes or codes: connection, rollback, resources, operator intervention, system errors; lock time-out,
# read-only (a standby), too much data in memory.
PASSING_SQLSTATES = ("08", "40", "53", "57", "58", "55P03", "25006", "25P03")
PASSING_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)


def open_database(url: str, *, threads: int) -> Engine:
    """Open the database for `threads` concurrent users, and on SQLite one writer besides."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, threads)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=threads,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, and parameters contain personal data
        connect_args={
            "application_name": "gangway",
            "connect_timeout": BUSY_SECONDS,
            "tcp_user_timeout": 1000 * BUSY_SECONDS,  # milliseconds; a dead network must not block a thread for ever
            "options": f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout={2 * BUSY_SECONDS}s",
        },
    )


def is_retryable(error: DBAPIError) -> bool:
    """Return whether running the same transaction again may succeed."""
    return getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES


def is_unavailable(error: DBAPIError) -> bool:
    """Return whether the database can't be used now, as opposed to a statement that it refuses for its content.

    PostgreSQL's driver reports a lost connection without a code.
    """
    if isinstance(error.orig, sqlite3.Error):
        code: int | None = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in PASSING_SQLITE  # the low byte is the primary result code
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, (OperationalError, InterfaceError))
    return str(state).startswith(PASSING_SQLSTATES)


def upsert(session: Session, table: type[Base]) -> SqliteInsert | PostgresInsert:
    """Return an INSERT whose ON CONFLICT clause is still to be added; SQLAlchemy has it in its dialects only."""
    return postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)


@contextmanager
def refusing(session: Session, **by_constraint: Exception) -> Iterator[None]:
    """Raise the exception given under a constraint's name if that constraint is violated; pass on all others.

    Flushes at the end, so that the violation is raised here and not by the commit.
    """
    try:
        yield
        session.flush()
    except IntegrityError as error:
        if (name := _constraint_name(error)) in by_constraint:
            raise by_constraint[name] from None
        raise


def _open_sqlite(url: URL, threads: int) -> Engine:
    with suppress(OSError):  # SQLite reports at the first connection that it can't open the file
        file = Path(url.database or "")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)  # SQLite gives the files beside it the same mode
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=threads + 1,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        dbapi.isolation_level = None  # the driver must not send BEGIN; the hook below does
        _use_write_ahead_log(dbapi)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL mode; while another process does so, SQLite refuses at once, whatever its time-out."""
    given_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > given_up_at:
                raise
            time.sleep(0.02)
        else:
            return


def _constraint_name(error: IntegrityError) -> str | None:
    """Return the violated constraint's name; SQLite reports its columns instead, which are looked up."""
    if diagnosis := getattr(error.orig, "diag", None):
        return str(diagnosis.constraint_name)
    _, _, columns = str(error.orig).partition("constraint failed: ")
    return _SQLITE_CONSTRAINTS.get(columns)


def _sqlite_constraints() -> dict[str, str]:
    """Map the columns that SQLite reports for a unique constraint or index to the constraint's name."""
    return {
        ", ".join(f"{table.name}.{column.name}" for column in unique.columns): str(unique.name)
        for table in Base.metadata.tables.values()
        for unique in (*table.constraints, *table.indexes)
        if isinstance(unique, (PrimaryKeyConstraint, UniqueConstraint)) or (isinstance(unique, Index) and unique.unique)
    }


_SQLITE_CONSTRAINTS = _sqlite_constraints()
