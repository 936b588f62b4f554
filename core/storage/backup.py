"""A sound copy of a SQLite file that others use meanwhile."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import BackupFailed


def copy(source: Path, target: Path) -> int:
    """Write a checked copy to a new file, which only its owner may read; return its size in bytes.

    `VACUUM INTO` reads one state in one transaction, so that writers neither wait for it nor start it again, as they do
    with SQLite's own back-up. Raises BackupFailed; then there is no new file.
    """
    try:
        return _copy(source, target)
    except OSError as error:
        raise BackupFailed(error.strerror or str(error)) from None
    except sqlite3.Error as error:
        raise BackupFailed(str(error)) from None


def _copy(source: Path, target: Path) -> int:
    if target.exists():  # before the work; `os.link` decides
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    with _a_file_beside(target) as unnamed:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(unnamed),))
        _check(unnamed)
        _write_through(unnamed)
        os.link(unnamed, target)
    _write_through(target.parent)
    return target.stat().st_size


def _check(file: Path) -> None:
    """Raise BackupFailed if a copy isn't sound, which means that its original isn't."""
    with closing(sqlite3.connect(file)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != ("ok",) or broken:
        message = "the database is damaged, and so would be its copy"
        raise BackupFailed(message)


@contextmanager
def _a_file_beside(target: Path) -> Iterator[Path]:
    """Give an empty file in the same folder, for its owner only; it is gone at the end."""
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    os.close(number)
    try:
        yield Path(name)
    finally:
        Path(name).unlink()


def _write_through(path: Path) -> None:
    """See that a file, or the names in a folder, outlast a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
