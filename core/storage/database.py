"""The database at a URL, and translation of constraint violations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.storage.deadlines import Deadlines
from core.storage.postgresql import open_postgresql
from core.storage.sqlite import open_sqlite
from core.storage.tables import Base


def open_database(url: str, *, threads: int, watched: Deadlines | None = None) -> Engine:
    """Open the database for `threads` concurrent users, and on SQLite one writer besides."""
    parsed = make_url(url)
    opened = open_sqlite if parsed.get_backend_name() == "sqlite" else open_postgresql
    return opened(parsed, threads=threads, watched=watched or Deadlines())


def file_of(database: Engine) -> Path | None:
    """Return the SQLite file; None for PostgreSQL."""
    return Path(database.url.database or "") if database.dialect.name == "sqlite" else None


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
