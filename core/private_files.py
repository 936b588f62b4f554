"""Files that only their owner may read: databases, with the people in them, and files of settings and secrets."""

import os
from collections.abc import Iterable
from pathlib import Path

UMASK = 0o077
OTHERS = 0o007  # bits of a file's mode
GROUP_AND_OTHERS = 0o077
BESIDE_DATABASE = ("-wal", "-shm", "-journal")


def keep_new_files_private() -> None:
    """Let only their owner use the files and folders that this process makes from now on."""
    os.umask(UMASK)


def of_database(file: Path | None) -> list[Path]:
    """Return the files of a SQLite database that exist; none for PostgreSQL."""
    if file is None:
        return []
    return [path for path in (file, *(Path(f"{file}{end}") for end in BESIDE_DATABASE)) if path.is_file()]


def too_open(paths: Iterable[Path], *, to: int) -> list[Path]:
    """Return those of the existing paths whose mode has one of the bits in `to`."""
    return [path for path in paths if path.exists() and path.stat().st_mode & to]


def make_private(paths: Iterable[Path]) -> list[Path]:
    """Take group and others the access to files and folders that are ours; return the changed ones."""
    changed = []
    for path in too_open(paths, to=GROUP_AND_OTHERS):
        if path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode & 0o700)
            changed.append(path)
    return changed


def described(path: Path) -> str:
    """Return a path with its mode, for the operator."""
    return f"{path} (mode {path.stat().st_mode & 0o777:04o})"
