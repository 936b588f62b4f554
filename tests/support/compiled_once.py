"""Statements are compiled once for all databases of a test process, not once for each: a quarter of all tests' time.

The program has one engine, which keeps what it compiled. Each test opens one of its own; SQLAlchemy keeps statements by
the dialect, and dialects of one kind are alike here, because all databases of a kind are on the same server.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

MOST = 5_000  # statements
_COMPILED = LRUCache[object, object](MOST)


def pytest_configure() -> None:
    """Let all engines of this process share what they compiled."""
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = _is_alike  # type: ignore[method-assign, assignment]
        dialect.__hash__ = _kind  # type: ignore[method-assign, assignment]
    event.listen(Engine, "engine_connect", _share)


def _is_alike(dialect: Dialect, other: object) -> bool:
    return type(dialect) is type(other)


def _kind(dialect: Dialect) -> int:
    return hash(type(dialect))


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)
