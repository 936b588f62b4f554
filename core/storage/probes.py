"""What shows whether the database can be used: something small that is written, and the room for more."""

import os
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.errors import Cause, DatabaseUnavailable
from core.storage import account
from core.storage.causes import cause_of, file_fault
from core.storage.sqlite import Identity, identity

PROBE = "write probe"
MAGIC = b"SQLite format 3\x00"  # https://sqlite.org/fileformat2.html, 1.3
SORT = "SELECT count(*) FROM (SELECT repeat('x', 100) AS x FROM generate_series(1, 2000) ORDER BY random()) sorted"


def write(session: Session, now: datetime) -> None:
    """Write a row, and see that there is room for more: one row alone fits into what the database has already.

    Raises DatabaseUnavailable.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        _check_file(Path(session.get_bind().engine.url.database or ""))
    try:
        account.record_heartbeat(session, PROBE, now)
    except DBAPIError as error:
        if cause_of(error, None) is None:  # the table is missing
            raise DatabaseUnavailable(Cause.FOREIGN) from error
        raise
    if not is_sqlite:  # a sort that doesn't fit into memory needs the disk, and leaves nothing behind
        session.execute(text("SET LOCAL work_mem = '64kB'"))
        session.execute(text(SORT))


def try_to_write(database: Engine, now: datetime, *, is_current: bool) -> None:
    """Write as the program does, or as a migration does, and take it back. Raises what `write` raises."""
    with database.execution_options(sqlite_begin="IMMEDIATE").connect() as connection, connection.begin() as begun:
        if is_current:
            with Session(connection) as session:
                write(session, now)
        else:
            connection.execute(text("CREATE TABLE gangway_check (number INTEGER)"))
        begun.rollback()


def check_contents(database: Engine) -> None:
    """Read all of a SQLite file; PostgreSQL has tools of its own. Raises DatabaseUnavailable if it is damaged."""
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            if connection.scalar(text("PRAGMA quick_check(1)")) != "ok":
                raise DatabaseUnavailable(Cause.DAMAGED)


def _check_file(file: Path) -> None:
    if file_fault(file) is Cause.DISK_FULL:  # all else is found by writing
        raise DatabaseUnavailable(Cause.DISK_FULL)
    try:
        beginning = os.pread(_descriptor(file, identity(file)), len(MAGIC), 0)
    except OSError:  # SQLite finds what it is when it opens the file
        return
    if beginning != MAGIC:  # SQLite has it in memory
        raise DatabaseUnavailable(Cause.NOT_A_DATABASE)


@cache
def _descriptor(file: Path, _identity: Identity) -> int:
    """Open a file for good, once for each file of this name.

    Closing any descriptor of a file drops all locks that this process has on it (POSIX, fcntl), SQLite's too. Another
    process would then believe that nobody uses the database, and delete the log beside it with what is only there
    (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    return os.open(file, os.O_RDONLY | os.O_CLOEXEC)
