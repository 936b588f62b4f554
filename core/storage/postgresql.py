"""Connections to PostgreSQL, with a limit for everything that could take for ever."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError

from core.errors import Cause, DatabaseUnavailable
from core.storage import deadlines
from core.storage.deadlines import Deadlines

KEEPALIVE_IDLE, KEEPALIVE_EVERY, KEEPALIVES = 5, 2, 3  # seconds, seconds, how many: a dead peer is known after 11 s

ENCODING = "UTF8"  # others lack letters, or let in what is none

# What the session asks of the server (PostgreSQL's manual, 19.2.2 and 19.11.1). Its own keepalives let it release the
# locks of a machine that has gone.
SESSION: Mapping[str, str] = {
    "lock_timeout": f"{deadlines.LOCK}s",
    "statement_timeout": f"{deadlines.STATEMENT}s",
    "idle_in_transaction_session_timeout": f"{deadlines.IDLE_IN_TRANSACTION}s",
    "tcp_keepalives_idle": str(KEEPALIVE_IDLE),
    "tcp_keepalives_interval": str(KEEPALIVE_EVERY),
    "tcp_keepalives_count": str(KEEPALIVES),
}

# libpq's parameters (34.1.2). They notice a dead network; a server that stands still is noticed by `Deadlines`.
CONNECTION: Mapping[str, str] = {
    "application_name": "gangway",
    "client_encoding": ENCODING,
    "connect_timeout": str(int(deadlines.CONNECT)),
    "keepalives_idle": str(KEEPALIVE_IDLE),
    "keepalives_interval": str(KEEPALIVE_EVERY),
    "keepalives_count": str(KEEPALIVES),
    "tcp_user_timeout": str(int(1000 * deadlines.USE_CASE)),
}


def open_postgresql(url: URL, *, threads: int, watched: Deadlines) -> Engine:
    """Open a database for so many threads; what DATABASE_URL sets itself goes before our values."""
    engine = create_engine(
        with_defaults(url),
        pool_size=threads,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, and parameters contain personal data
    )
    _watch(engine, watched)
    return engine


def _watch(engine: Engine, watched: Deadlines) -> None:
    """End connections that take too long, while they are in use; those of the pool are tried before each use."""

    @event.listens_for(engine, "connect", insert=True)  # before SQLAlchemy's own questions to a new server
    def connect(dbapi: Any, record: Any) -> None:  # noqa: ANN401 - the driver's own connection, and the pool's entry
        _refuse_other_encodings(dbapi)
        # A copy of the socket: the driver may close its own at any time, and its number would then be another file's.
        record.info["socket"] = copy = socket.socket(fileno=os.dup(dbapi.fileno()))
        record.info["is_new"] = True
        watched.begin(record, lambda: _hang_up(copy))

    @event.listens_for(engine, "checkout")
    def check_out(dbapi: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - as above
        copy = record.info["socket"]
        if not record.info.pop("is_new", False):
            watched.begin(record, lambda: _hang_up(copy), deadlines.CONNECT)
            _ping(engine, dbapi)
        watched.begin(record, lambda: _hang_up(copy))

    @event.listens_for(engine, "checkin")
    def check_in(_dbapi: object, record: Any) -> None:  # noqa: ANN401 - as above
        watched.end(record)

    @event.listens_for(engine, "close")
    def close(_dbapi: object, record: Any) -> None:  # noqa: ANN401 - as above
        watched.end(record)
        record.info.pop("socket").close()


def with_defaults(url: URL) -> URL:
    """Add our parameters to those of the URL. Among the session's options, the last of a name counts."""
    ours = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    options = f"{ours} {url.query.get('options', '')}".strip()
    return url.set(drivername="postgresql+psycopg", query={**CONNECTION, **url.query, "options": options})


def extend_time_outs(connection: Connection, seconds: float) -> None:
    """Let statements, waits and pauses of the current transaction take so long; its session's values return after."""
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = {int(1000 * seconds)}"))  # milliseconds


def other_sessions(connection: Connection) -> int:
    """Count the other sessions on this database that give the same name of a program as this one, which is ours."""
    named = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        " AND application_name = current_setting('application_name')"
    )
    return int(connection.execute(named).scalar_one())


def _refuse_other_encodings(dbapi: Any) -> None:  # noqa: ANN401 - the driver's own connection
    """Raise DatabaseUnavailable if the database can't hold all letters. The connection is closed then."""
    if dbapi.info.parameter_status("server_encoding") not in (ENCODING, None):  # a pooler may keep it to itself
        dbapi.close()
        raise DatabaseUnavailable(Cause.OTHER_ENCODING)


def _hang_up(copy: socket.socket) -> None:
    """End the connection; a caller that waits for the server gets an error immediately."""
    with suppress(OSError):  # it has ended by itself
        copy.shutdown(socket.SHUT_RDWR)


def _ping(engine: Engine, dbapi: Any) -> None:  # noqa: ANN401 - the driver's own connection
    """Ask whether a connection of the pool still works; if not, all are replaced.

    The pool's own ping comes before any event, so nothing would interrupt it.
    """
    try:
        engine.dialect.do_ping(dbapi)
    except engine.dialect.loaded_dbapi.Error as error:
        if engine.dialect.is_disconnect(error, dbapi, None):
            raise InvalidatePoolError from error
        raise
