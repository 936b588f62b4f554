"""Small disks and immutable files, and whether this machine allows making them."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BALLAST = "ballast"


def a_folder(*, in_memory: bool) -> Path:
    """Return a new folder, in memory if that is wanted and there is one."""
    memory = "/dev/shm"  # noqa: S108 - mkdtemp makes the name in it
    where = memory if in_memory and os.access(memory, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="gangway-weather-", dir=where))


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[None]:
    """Make a folder a disk of so many MiB."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "none", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(folder: Path) -> None:
    """Leave no room on the folder's disk."""
    with (folder / BALLAST).open("ab", buffering=0) as ballast:
        for size in (2**20, 2**12):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


def empty(folder: Path) -> None:
    """Give the room back."""
    (folder / BALLAST).unlink()


def make_immutable(files: list[Path], *, on: bool) -> None:
    """Make files immutable, also for root and for processes that have them open; or undo it."""
    subprocess.run(["chattr", "+i" if on else "-i", *map(str, files)], check=True)


def lack_of_mount() -> str:
    """Say why no small disk can be made."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder), 1):
                return ""
        except (OSError, subprocess.CalledProcessError):
            return "it takes the right to mount (root)"


def lack_of_immutable_files() -> str:
    """Say why no file can be made immutable."""
    with tempfile.NamedTemporaryFile() as file:
        try:
            make_immutable([Path(file.name)], on=True)
            make_immutable([Path(file.name)], on=False)
        except (OSError, subprocess.CalledProcessError):
            return "it takes root, and a disk that knows `chattr +i`"
    return ""
