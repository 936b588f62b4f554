"""A sound copy of a SQLite file that others use meanwhile, and such a copy put in the place of a database."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import BackupFailed, DatabaseUnavailable
from core.private_files import BESIDE_DATABASE
from core.storage.database import open_database
from core.storage.migrate import is_current
from core.storage.sqlite import exclusively, refuse_foreign

DAMAGED = "the database is damaged, and so would be its copy"


def copy(source: Path, target: Path) -> int:
    """Write a checked copy to a new file, which only its owner may read; return its size in bytes.

    `VACUUM INTO` reads one state in one transaction, so that writers neither wait for it nor start it again, as they do
    with SQLite's own back-up. Raises BackupFailed, also if the source isn't Gangway's or is empty; then
    there is no new file.
    """
    try:
        return _copy(source, target)
    except OSError as error:
        raise BackupFailed(error.strerror or str(error)) from None
    except DatabaseUnavailable as error:
        raise BackupFailed(str(error)) from None
    except sqlite3.Error as error:
        is_damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
        raise BackupFailed(DAMAGED if is_damaged else str(error)) from None


def is_sound(file: Path) -> bool:
    """Return whether all of a SQLite file can be read, and each of its rows refers to one that is there.

    Raises sqlite3.Error if it isn't a database at all.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    return verdict == ("ok",) and not broken


def _copy(source: Path, target: Path) -> int:
    if target.exists():  # before the work; `os.link` decides
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    with _a_file_beside(target) as unnamed:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            refuse_foreign(connection)  # first, too, because a damaged schema is blamed on the target by what follows
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                message = "the database is empty"
                raise BackupFailed(message)
            connection.execute("VACUUM INTO ?", (str(unnamed),))
        if not is_sound(unnamed):
            raise BackupFailed(DAMAGED)
        _write_through(unnamed)
        os.link(unnamed, target)
    _write_through(target.parent)
    return target.stat().st_size


@contextmanager
def examined(source: Path, folder: Path) -> Iterator[Path]:
    """Give a checked copy of a file in a new folder below `folder`, both gone at the end, for `put_in_place`.

    Raises BackupFailed, DatabaseNewer, and DatabaseUnavailable if it isn't a database of Gangway's.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as place:
        examined = Path(place) / source.name
        copy(source, examined)
        database = open_database(f"sqlite:///{examined}", threads=1)
        try:
            is_current(database)
        finally:
            database.dispose()
        yield examined


def put_in_place(file: Path, target: Path, aside: Path) -> bool:
    """Give a file, which no program has open, the name of a database; return whether there was one of that name.

    The one that was there keeps its content under the name `aside`, with the files beside it: their changes are in no
    other file, and SQLite would read them into the new one. Raises BlockingIOError if a program uses the database, and
    other OSErrors; then nothing has changed.
    """
    _write_through(file)
    if not target.exists():
        _move_aside(target, aside)
        os.link(file, target)  # unlike a replacement, it fails if a database has appeared meanwhile
        _write_through(target.parent)
        return False
    with exclusively(target):
        os.link(target, aside)
        _move_aside(target, aside)
        file.replace(target)
        _write_through(target.parent)
    return True


def _move_aside(target: Path, aside: Path) -> None:
    for end in BESIDE_DATABASE:
        if (beside := Path(f"{target}{end}")).exists():
            beside.rename(f"{aside}{end}")


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
