"""An error of a driver is an outage with its cause, or a fault."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import lookup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import Cause
from core.storage.causes import cause_of, words_of


def wrapped(error: Exception) -> DBAPIError:
    """As SQLAlchemy hands it on."""
    driver = sqlite3 if isinstance(error, sqlite3.Error) else psycopg
    wrapped = DBAPIError.instance("SELECT 1", {}, error, driver.Error)
    assert isinstance(wrapped, DBAPIError)
    return wrapped


def of_postgresql(words: str) -> DBAPIError:
    return wrapped(psycopg.OperationalError(f'connection to server at "10.0.0.5", port 5432 failed: {words}'))


@pytest.mark.parametrize(
    ("state", "cause"),
    [
        ("53100", Cause.DISK_FULL),
        ("53200", Cause.NO_MEMORY),
        ("53300", Cause.NO_CONNECTIONS),
        ("57P01", Cause.STARTING),
        ("57P03", Cause.STARTING),
        ("57014", Cause.NO_ANSWER),
        ("25P03", Cause.NO_ANSWER),
        ("55P03", Cause.LOCKED),
        ("40P01", Cause.CONFLICTS),
        ("25006", Cause.READ_ONLY),
        ("28P01", Cause.LOG_IN_REFUSED),
        ("3D000", Cause.NO_SUCH_DATABASE),
        ("42501", Cause.NO_RIGHTS),
        ("08006", Cause.UNREACHABLE),
        ("58030", Cause.UNREACHABLE),
        ("XX001", Cause.DAMAGED),
        ("22021", None),
        ("23505", None),
        ("42P01", None),
        ("54000", None),
    ],
)
def test_a_code_of_postgresql_tells_the_cause(state: str, cause: Cause | None) -> None:
    assert cause_of(wrapped(lookup(state)("failed")), None) is cause


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("FATAL:  sorry, too many clients already", Cause.NO_CONNECTIONS),
        ('FATAL:  too many connections for role "gangway"', Cause.NO_CONNECTIONS),
        (
            "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
            Cause.NO_CONNECTIONS,
        ),
        ("FATAL:  the database system is starting up", Cause.STARTING),
        ("FATAL:  the database system is shutting down", Cause.STARTING),
        ('FATAL:  password authentication failed for user "gangway"', Cause.LOG_IN_REFUSED),
        ('FATAL:  role "gangway" does not exist', Cause.LOG_IN_REFUSED),
        ("fe_sendauth: no password supplied", Cause.LOG_IN_REFUSED),
        ('FATAL:  database "gangway" does not exist', Cause.NO_SUCH_DATABASE),
        ('FATAL:  unrecognized configuration parameter "lock_timout"', Cause.OPTION_REFUSED),
        ('FATAL:  invalid configuration parameter name "a-b"', Cause.OPTION_REFUSED),
        ('FATAL:  invalid value for parameter "lock_timeout": "abc"', Cause.OPTION_REFUSED),
        ('FATAL:  -5 ms is outside the valid range for parameter "lock_timeout"', Cause.OPTION_REFUSED),
        ('FATAL:  parameter "seq_page_cost" requires a numeric value', Cause.OPTION_REFUSED),
        ('FATAL:  parameter "enable_seqscan" requires a Boolean value', Cause.OPTION_REFUSED),
        ("FATAL:  -c enable_seqscan requires a value", Cause.OPTION_REFUSED),
        ("FATAL:  invalid command-line argument for server process: abc", Cause.OPTION_REFUSED),
        ('FATAL:  parameter "port" cannot be changed without restarting the server', Cause.OPTION_REFUSED),
        ('FATAL:  permission denied to set parameter "log_statement"', Cause.OPTION_REFUSED),
        ("connection timeout expired", Cause.NO_ANSWER),
        ("Connection refused", Cause.UNREACHABLE),
        ("server closed the connection unexpectedly", Cause.UNREACHABLE),
        ("ВАЖНО:  что-то на другом языке", Cause.UNREACHABLE),
    ],
)
def test_errors_of_connecting_have_no_code_and_are_known_by_their_words(words: str, cause: Cause) -> None:
    assert cause_of(of_postgresql(words), None) is cause


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('FATAL:  invalid value for parameter "lock_timeout": "hunter2"', 'parameter "lock_timeout"'),
        ('FATAL:  invalid configuration parameter name "a-b"', 'parameter name "a-b"'),
        ("FATAL:  invalid command-line argument for server process: hunter2", ""),
    ],
)
def test_of_an_option_that_was_refused_only_the_name_is_said(words: str, said: str) -> None:
    assert words_of(of_postgresql(words), Cause.OPTION_REFUSED) == said


def of_sqlite(code: int) -> DBAPIError:
    error = sqlite3.OperationalError("failed")
    error.sqlite_errorcode = code
    return wrapped(error)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (sqlite3.SQLITE_FULL, Cause.DISK_FULL),
        (sqlite3.SQLITE_BUSY, Cause.LOCKED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Cause.LOCKED),
        (sqlite3.SQLITE_CORRUPT, Cause.DAMAGED),
        (sqlite3.SQLITE_NOTADB, Cause.NOT_A_DATABASE),
        (sqlite3.SQLITE_INTERRUPT, Cause.NO_ANSWER),
        (sqlite3.SQLITE_IOERR_FSYNC, Cause.FILE_FAILS),
        (sqlite3.SQLITE_READONLY, Cause.FILE_READ_ONLY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_TOOBIG, None),
    ],
)
def test_a_code_of_sqlite_tells_the_cause(tmp_path: Path, code: int, cause: Cause | None) -> None:
    (tmp_path / "gangway.db").touch()
    assert cause_of(of_sqlite(code), tmp_path / "gangway.db") is cause


def test_an_error_of_the_file_is_explained_by_what_is_wrong_with_its_place(tmp_path: Path) -> None:
    missing = tmp_path / "gone" / "gangway.db"
    assert cause_of(of_sqlite(sqlite3.SQLITE_IOERR_WRITE), missing) is Cause.FILE_NOT_OPENED


def test_an_error_that_is_no_drivers_is_a_fault_and_a_pool_without_connections_none() -> None:
    assert cause_of(ValueError("no"), None) is None
    assert cause_of(PoolTimeout("all are in use"), None) is Cause.NO_ANSWER
    assert cause_of(wrapped(psycopg.ProgrammingError("no result")), None) is None
