"""The state file: everything the sandbox knows, in SQLite, so that a killed process loses and breaks nothing."""

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


class Store:
    """Keeps JSON things by kind and key, and the contents of files; without a path it's gone at the end."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path or ":memory:")
        # A commit is one write without a wait for the disk: safe against a killed process, which is what happens here.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)

    def transaction(self) -> AbstractContextManager[object]:
        """Open a block whose changes are kept all or not at all."""
        return self._connection

    def put(self, kind: str, key: int | str, body: dict[str, Any]) -> None:
        """Keep a thing, in place of the one with the same key."""
        statement = "INSERT INTO things VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
        self._connection.execute(statement, (kind, str(key), json.dumps(body, ensure_ascii=False)))

    def remove(self, kind: str, key: int | str) -> None:
        """Forget a thing."""
        self._connection.execute("DELETE FROM things WHERE kind = ? AND key = ?", (kind, str(key)))

    def get(self, kind: str, key: int | str) -> dict[str, Any] | None:
        """Return one thing, None if there is no such thing."""
        row = self._connection.execute(
            "SELECT body FROM things WHERE kind = ? AND key = ?", (kind, str(key))
        ).fetchone()
        body: dict[str, Any] | None = json.loads(row[0]) if row else None
        return body

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return every thing of a kind by its key."""
        rows = self._connection.execute("SELECT key, body FROM things WHERE kind = ?", (kind,))
        return {key: json.loads(body) for key, body in rows}

    def put_contents(self, file_id: str, body: bytes) -> None:
        """Keep what a file holds."""
        self._connection.execute("INSERT INTO contents VALUES (?, ?)", (file_id, body))

    def contents(self, file_id: str) -> bytes:
        """Return what a file holds."""
        row = self._connection.execute("SELECT body FROM contents WHERE file_id = ?", (file_id,)).fetchone()
        return bytes(row[0])

    def close(self) -> None:
        """Write everything into the one file and let it go."""
        self._connection.close()
