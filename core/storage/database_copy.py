"""The whole content of one database in another one, of the same kind or of the other, compared after it was written."""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core.errors import CopyFailed, DatabaseNewer, DatabaseUnavailable
from core.storage.backup import is_sound
from core.storage.causes import cause_of
from core.storage.database import file_of
from core.storage.deadlines import MIGRATION
from core.storage.migrate import is_current, is_empty, upgrade
from core.storage.postgresql import extend_time_outs, other_sessions
from core.storage.sqlite import exclusively
from core.storage.tables import Base

FROM, TO = "--from", "--to"
BATCH = 1000  # rows that are in memory at a time
DIGEST = 16  # bytes

Batch = Sequence[Row[Any]]


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is in a table: the number of its rows, and a sum of their hashes, in which their order doesn't matter."""

    rows: int
    checksum: int

    def __add__(self, other: "Content") -> "Content":
        return Content(rows=self.rows + other.rows, checksum=self.checksum + other.checksum)


def failed(option: str, reason: str) -> CopyFailed:
    """Return the exception for a fault of one of the two databases."""
    return CopyFailed(f"{option}: {reason}")


def check_file(file: Path) -> None:
    """Raise CopyFailed unless a file is a sound database that no program uses. No engine may have it open."""
    if not file.exists():
        raise failed(FROM, f"there is no database at {file}")
    try:
        with exclusively(file):
            pass
        if not is_sound(file):
            raise failed(FROM, "the database is damaged; copy a back-up that isn't")
    except BlockingIOError:
        raise _in_use() from None
    except OSError as error:
        raise failed(FROM, f"{file}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise failed(FROM, f"{file}: {error}") from None


def copy(source: Engine, target: Engine) -> int:
    """Write all rows of a database to one without tables, in one transaction; return their number.

    The source is read as it is at one moment. Raises CopyFailed; then the target is as it was.
    """
    counted: list[int] = []
    with _faults(FROM, source):
        _check_source(source)
        with _one_state(source) as reading, _faults(TO, target):
            upgrade(target, first=_refuse_content, then=partial(_fill, source, reading, counted.append))
    return sum(counted)


def _check_source(source: Engine) -> None:
    with source.connect() as connection:
        if is_empty(connection):
            raise failed(FROM, "the database is empty")
        if source.dialect.name != "sqlite" and other_sessions(connection):
            raise _in_use()
    if not is_current(source):
        raise failed(FROM, "the database is of an earlier version; run `gangway migrate` with it as DATABASE_URL first")


def _in_use() -> CopyFailed:
    return failed(
        FROM, "the database is in use; stop Gangway first, because the copy would lack what people do from now on"
    )


def _refuse_content(connection: Connection) -> None:
    if not is_empty(connection):
        raise failed(TO, "the database isn't empty; name a new one")


@contextmanager
def _one_state(source: Engine) -> Iterator[Connection]:
    """Begin a transaction that sees the database as it is now, however long it lasts."""
    is_sqlite = source.dialect.name == "sqlite"  # whose transactions are so anyway
    options: dict[str, Any] = {} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with source.connect().execution_options(**options) as connection, connection.begin():
        if not is_sqlite:
            extend_time_outs(connection, MIGRATION)
        yield connection


def _fill(source: Engine, reading: Connection, count: Callable[[int], None], session: Session) -> None:
    """Put the rows of the source in the place of those that migrations made. Raises CopyFailed if any differ then."""
    writing, tables = session.connection(), Base.metadata.sorted_tables
    for table in reversed(tables):
        if writing.execute(select(table).limit(1)).first():  # some refuse even to delete nothing
            writing.execute(delete(table))
    for table in tables:
        batches = _guarded(source, _parents_first(reading, table) or _batches(reading, table))
        written = _write(writing, table, batches)
        if _content(_batches(writing, table)) != written:
            raise failed(TO, f"the table {table.name} doesn't hold what was written to it")
        count(written.rows)
    if writing.dialect.name == "postgresql":
        _continue_numbers(writing, tables)


def _batches(connection: Connection, table: Table) -> Iterator[Batch]:
    yield from connection.execute(select(table), execution_options={"yield_per": BATCH}).partitions()


def _parents_first(connection: Connection, table: Table) -> Iterator[Batch] | None:
    """Return the rows of a table that refers to itself, each after the row that it refers to; None for others."""
    own = next((each for each in table.foreign_keys if each.column.table is table), None)
    if own is None:
        return None
    children: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table)):
        children[getattr(row, own.parent.name)].append(row)
    ordered = children.pop(None, [])
    for row in ordered:  # which grows meanwhile
        ordered += children.pop(getattr(row, own.column.name), [])
    return iter([ordered])


def _guarded(source: Engine, batches: Iterator[Batch]) -> Iterator[Batch]:
    with _faults(FROM, source):
        yield from batches


def _write(writing: Connection, table: Table, batches: Iterable[Batch]) -> Content:
    """Write rows as they come; return what was written."""
    total = Content(rows=0, checksum=0)
    for batch in batches:
        if batch:
            try:
                writing.execute(insert(table), [row._asdict() for row in batch])
            except (IntegrityError, DataError) as error:
                raise failed(TO, f"a row of {table.name} isn't accepted: {_reason(error)}") from None
            total += _content([batch])
    return total


def _content(batches: Iterable[Batch]) -> Content:
    return sum((_hashed(row) for batch in batches for row in batch), Content(rows=0, checksum=0))


def _hashed(row: Row[Any]) -> Content:
    """Hash a row in a form that both databases' types share: moments are aware UTC, JSON is read."""
    form = json.dumps([*row], default=str, sort_keys=True, ensure_ascii=False)
    digest = hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
    return Content(rows=1, checksum=int.from_bytes(digest))


def _continue_numbers(writing: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL go on with the numbers after the highest ones; SQLite does so by itself."""
    for column in (table.autoincrement_column for table in tables):
        if column is not None:
            sequence = func.pg_get_serial_sequence(column.table.name, column.name)
            writing.execute(select(func.setval(sequence, select(func.max(column)).scalar_subquery())))


@contextmanager
def _faults(side: str, database: Engine) -> Iterator[None]:
    """Say of what makes a database unusable which of the two it is. Raises CopyFailed."""
    try:
        yield
    except (DatabaseUnavailable, DatabaseNewer) as error:
        newer = f"the database is of a newer version ({error}); update this program first"
        raise failed(side, newer if isinstance(error, DatabaseNewer) else str(error)) from None
    except DBAPIError as error:
        if (cause := cause_of(error, file_of(database))) is None:
            raise
        raise failed(side, str(DatabaseUnavailable(cause, _reason(error)))) from None


def _reason(error: DBAPIError) -> str:
    """Return the first line of the driver's message, which has no values in it; the next ones may have."""
    return str(error.orig).partition("\n")[0]
