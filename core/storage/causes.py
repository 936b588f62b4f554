"""Errors of the two drivers: whether the database can't be used now, and why, by its cause and not by its victim."""

import os
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import Cause

RETRIED_SQLSTATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
ROOM = 256 * 1024  # bytes; with less, a sign-up may not fit

# Codes and classes of PostgreSQL's error codes (Appendix A of its manual) that pass, whatever is in the statement.
# Anything else is refused for its content, and would be again.
BY_SQLSTATE: Mapping[str, Cause] = {
    "53100": Cause.DISK_FULL,
    "53200": Cause.NO_MEMORY,
    "53300": Cause.NO_CONNECTIONS,
    "57014": Cause.NO_ANSWER,  # the statement's time-out
    "57P01": Cause.STARTING,
    "57P02": Cause.STARTING,
    "57P03": Cause.STARTING,
    "55P03": Cause.LOCKED,
    "25006": Cause.READ_ONLY,
    "25P03": Cause.NO_ANSWER,  # idle in transaction: this process stood still
    "3D000": Cause.NO_SUCH_DATABASE,
    "42501": Cause.NO_RIGHTS,
    "XX001": Cause.DAMAGED,
    "XX002": Cause.DAMAGED,
    "28": Cause.LOG_IN_REFUSED,
    "08": Cause.UNREACHABLE,
    "40": Cause.CONFLICTS,
    "53": Cause.NO_MEMORY,
    "57": Cause.UNREACHABLE,
    "58": Cause.UNREACHABLE,
}

# psycopg gives no code to errors of connecting; where the server speaks English, its words tell the cause.
BY_WORDS: Mapping[str, Cause] = {
    "too many clients": Cause.NO_CONNECTIONS,
    "too many connections": Cause.NO_CONNECTIONS,
    "connection slots are reserved": Cause.NO_CONNECTIONS,
    "the database system is": Cause.STARTING,
    "authentication failed": Cause.LOG_IN_REFUSED,
    "no password supplied": Cause.LOG_IN_REFUSED,
    "no pg_hba.conf entry": Cause.LOG_IN_REFUSED,
    "role ": Cause.LOG_IN_REFUSED,
    "timeout expired": Cause.NO_ANSWER,
    "could not write init file": Cause.DISK_FULL,
    "No space left on device": Cause.DISK_FULL,
    # Of options=-c name=value, which the server judges when a session begins (guc.c, postgres.c)
    "unrecognized configuration parameter": Cause.OPTION_REFUSED,
    "invalid configuration parameter name": Cause.OPTION_REFUSED,
    "invalid value for parameter": Cause.OPTION_REFUSED,
    "outside the valid range for parameter": Cause.OPTION_REFUSED,
    "requires a numeric value": Cause.OPTION_REFUSED,
    "requires a Boolean value": Cause.OPTION_REFUSED,
    "requires a value": Cause.OPTION_REFUSED,
    "invalid command-line argument": Cause.OPTION_REFUSED,
    "cannot be changed": Cause.OPTION_REFUSED,
    "cannot be set": Cause.OPTION_REFUSED,
    "permission denied to set parameter": Cause.OPTION_REFUSED,
}
OPTION = re.compile(r'parameter (?:name )?"[^"]*"')

BY_SQLITE_CODE: Mapping[int, Cause] = {
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Cause.LOCKED,
    sqlite3.SQLITE_NOMEM: Cause.NO_MEMORY,
    sqlite3.SQLITE_INTERRUPT: Cause.NO_ANSWER,
    sqlite3.SQLITE_READONLY: Cause.FILE_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Cause.FILE_NOT_OPENED,
    sqlite3.SQLITE_IOERR: Cause.FILE_FAILS,
    sqlite3.SQLITE_FULL: Cause.DISK_FULL,
    sqlite3.SQLITE_CORRUPT: Cause.DAMAGED,
    sqlite3.SQLITE_NOTADB: Cause.NOT_A_DATABASE,
}
OF_THE_FILE = frozenset({Cause.FILE_READ_ONLY, Cause.FILE_NOT_OPENED, Cause.FILE_FAILS})


def is_retryable(error: DBAPIError) -> bool:
    """Return whether running the same transaction again may succeed."""
    return getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES


def cause_of(error: Exception, file: Path | None) -> Cause | None:
    """Return why the database can't be used now; None if it refuses a statement for its content, which is a fault.

    `file` is the SQLite file, whose state tells more than the error.
    """
    if isinstance(error, PoolTimeout):
        return Cause.NO_ANSWER
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        code: int | None = getattr(error.orig, "sqlite_errorcode", None)
        cause = BY_SQLITE_CODE.get(code & 0xFF) if code is not None else None  # the low byte is the primary code
        return (file and file_fault(file)) or cause if cause in OF_THE_FILE else cause
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return BY_SQLSTATE.get(state) or BY_SQLSTATE.get(state[:2])
    return _unknown(error) if isinstance(error, (OperationalError, InterfaceError)) else None


def words_of(error: Exception, cause: Cause) -> str:
    """Return what the server said, in one line; of an option only its name, because its value may be a secret."""
    words = str(getattr(error, "orig", error))
    if cause is Cause.OPTION_REFUSED:
        return found[0] if (found := OPTION.search(words)) else ""
    return words.partition("\n")[0]


def file_fault(file: Path) -> Cause | None:
    """Return what is wrong with a SQLite file's place: missing, read-only, or without room; None if nothing is."""
    try:
        disk = os.statvfs(file.parent)
    except OSError:
        return Cause.FILE_NOT_OPENED
    if disk.f_flag & os.ST_RDONLY:
        return Cause.FILE_READ_ONLY
    if disk.f_bavail * disk.f_frsize < ROOM:
        return Cause.DISK_FULL
    if file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        return Cause.FILE_READ_ONLY
    return None


def _unknown(error: DBAPIError) -> Cause:
    """Return the cause of an error without a code: that of connecting, or of a lost connection."""
    words = str(error.orig)
    if "does not exist" in words and "database " in words:
        return Cause.NO_SUCH_DATABASE
    return next((cause for part, cause in BY_WORDS.items() if part in words), Cause.UNREACHABLE)
