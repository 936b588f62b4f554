"""The state file, a SQLite database, so that a killed process loses nothing."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS things (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (file_id TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


def move_state_file(old: Path, new: Path) -> None:
    """Move a state file, so that another database can have its place; leave any other file where it is."""
    if new.exists() or not old.exists():
        return
    connection = sqlite3.connect(old)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()  # which also removes the files beside it, once their contents are in it
    if {name for (name,) in names} == {"things", "contents"}:
        old.rename(new)


class StateUnusable(Exception):  # noqa: N818 - an answer to the operator
    """The state file can't be used; the message says which file, and what to do."""


class Store:
    """JSON records by kind and key, and the contents of files; in memory if there is no path.

    Raises StateUnusable if the file is damaged, something else, or can't be written.
    """

    def __init__(self, path: Path | None) -> None:
        try:
            self._connection = _opened(path)
        except (OSError, sqlite3.OperationalError) as error:
            reason = getattr(error, "strerror", None) or error
            message = (
                f"{path}: the sandbox can't keep its chat there: {reason}; see to its permissions, or move it away"
            )
            raise StateUnusable(message) from None
        except sqlite3.DatabaseError:
            message = f"{path}: is damaged, or isn't the sandbox's chat; move it away, and the sandbox begins a new one"
            raise StateUnusable(message) from None

    def transaction(self) -> AbstractContextManager[object]:
        """Return a context manager that commits at its end, or rolls back on an exception."""
        return self._connection

    def put(self, kind: str, key: int | str, body: dict[str, Any]) -> None:
        """Insert or replace a record."""
        statement = "INSERT INTO things VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
        self._connection.execute(statement, (kind, str(key), json.dumps(body, ensure_ascii=False)))

    def remove(self, kind: str, key: int | str) -> None:
        """Delete a record."""
        self._connection.execute("DELETE FROM things WHERE kind = ? AND key = ?", (kind, str(key)))

    def get(self, kind: str, key: int | str) -> dict[str, Any] | None:
        """Return a record, None if there is none."""
        row = self._connection.execute(
            "SELECT body FROM things WHERE kind = ? AND key = ?", (kind, str(key))
        ).fetchone()
        body: dict[str, Any] | None = json.loads(row[0]) if row else None
        return body

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return all records of a kind by their keys."""
        rows = self._connection.execute("SELECT key, body FROM things WHERE kind = ?", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def put_contents(self, file_id: str, body: bytes) -> None:
        """Insert the contents of a file."""
        self._connection.execute("INSERT INTO contents VALUES (?, ?)", (file_id, body))

    def contents(self, file_id: str) -> bytes:
        """Return the contents of a file."""
        row = self._connection.execute("SELECT body FROM contents WHERE file_id = ?", (file_id,)).fetchone()
        return bytes(row[0])

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def _opened(path: Path | None) -> sqlite3.Connection:
    """Open the file, or make it. Raises OSError, and sqlite3.DatabaseError also if a record can't be read."""
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)  # one that was there before
    connection = sqlite3.connect(path or ":memory:")
    try:
        # In these modes a commit doesn't wait for the disk: it survives a killed process, if not a power failure.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
        if (verdict := connection.execute("PRAGMA quick_check(things)").fetchone()) != ("ok",):
            raise sqlite3.DatabaseError(*verdict)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
