"""Schema migrations at start, safe to run by several processes at the same time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from core.errors import Cause, DatabaseNewer, DatabaseUnavailable
from core.storage.deadlines import MIGRATION
from core.storage.postgresql import extend_time_outs

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = Path(__file__).parent / "newest"
REVISIONS = tuple(sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))  # oldest first
HEAD = "head"
_CURRENT = text("SELECT version_num FROM alembic_version")
LOCK = 0x67616E67776179  # "gangway" in ASCII; any constant works


def upgrade(
    engine: Engine,
    revision: str = HEAD,
    *,
    first: Callable[[Connection], None] = lambda _connection: None,
    then: Callable[[Session], None] = lambda _session: None,
) -> None:
    """Run `first`, the missing migrations and `then` in one transaction; concurrent processes wait for each other."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            extend_time_outs(connection, MIGRATION)
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})  # no row exists yet to lock
            first(connection)
            _upgrade(connection, revision, then)
        return
    with _without_foreign_keys(engine) as connection:
        first(connection)
        _upgrade(connection, revision, then)


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction of SQLite in which a table can be replaced; in the end, no reference may be broken."""
    # SQLite rebuilds a table by dropping the old one, which would delete the rows that refer to it if foreign keys were
    # on. The pragma has no effect inside a transaction, so it is executed first, on the raw connection.
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - narrows the type: the connection is open
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    message = f"the migration broke foreign keys: {broken[:3]}"
                    raise RuntimeError(message)
        finally:
            if not connection.invalidated:  # an error that lasts has closed it
                driver.execute("PRAGMA foreign_keys=ON")


def newest_of(dialect: str) -> Path:
    """Return the file with the statements that make the schema of an empty database at once."""
    return NEWEST / f"{dialect}.sql"


def _upgrade(connection: Connection, revision: str, then: Callable[[Session], None]) -> None:
    if revision == HEAD and is_empty(connection):
        _make(connection)
    if _known_revision(connection) != REVISIONS[-1] or revision != HEAD:
        _migrate(connection, revision)
    with Session(connection, join_transaction_mode="rollback_only") as session:
        then(session)
        session.commit()  # flushes; the connection's transaction goes on


def _make(connection: Connection) -> None:
    """Make the schema of an empty database as the migrations would, in a tenth of the time."""
    as_written = connection.execution_options(no_parameters=True)  # a percent sign is one
    for statement in newest_of(connection.dialect.name).read_text(encoding="utf-8").split("\n\n"):
        as_written.exec_driver_sql(statement)


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - takes 0.3 seconds and 10 MB, which only an upgrade needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _known_revision(connection: Connection) -> str | None:
    """Return the schema's revision, None for an empty database.

    Raises DatabaseNewer if it is unknown, DatabaseUnavailable if the tables are another program's.
    """
    tables = inspect(connection)
    at = connection.execute(_CURRENT).scalar_one_or_none() if tables.has_table("alembic_version") else None
    if (at is None) == tables.has_table("account"):
        raise DatabaseUnavailable(Cause.FOREIGN)
    if at is not None and at not in REVISIONS:
        raise DatabaseNewer(at)
    return at


def is_empty(connection: Connection) -> bool:
    """Return whether the database has no table at all."""
    return not inspect(connection).get_table_names()


def is_current(engine: Engine) -> bool:
    """Return whether the schema is the one that this version expects. Raises DatabaseNewer."""
    with engine.connect() as connection:
        return _known_revision(connection) == REVISIONS[-1]
