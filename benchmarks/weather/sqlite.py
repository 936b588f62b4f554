"""SQLite's file is full, read-only, gone or damaged."""

import os
from pathlib import Path

from benchmarks.weather.disks import empty, fill, lack_of_immutable_files, lack_of_mount, make_immutable
from benchmarks.weather.fault import Fault
from benchmarks.weather.scene import Conditions, Scene, pause

ONLY = ("sqlite",)
DURATION = 5.0  # seconds
DISK = 24  # MiB
PAGE = 4096  # bytes
GARBAGE = b"\xa5" * PAGE


async def _disk_full(at: Scene) -> None:
    fill(at.folder)
    await pause(2 * DURATION)
    empty(at.folder)


async def _read_only(at: Scene) -> None:
    files = _files(at)
    make_immutable(files, on=True)
    await pause(DURATION)
    make_immutable(files, on=False)


async def _deleted(at: Scene) -> None:
    """Move the file away and back later; nothing may be written into it in between."""
    for file in _files(at):
        file.rename(file.with_name(f"gone-{file.name}"))
    await pause(DURATION)
    for file in _files(at):  # what was made in their place
        file.unlink()
    for file in at.folder.glob("gone-*"):
        file.rename(file.with_name(file.name.removeprefix("gone-")))


async def _corrupt(at: Scene) -> None:
    """Overwrite all of the file, and mend what SQLite has not written anew since."""
    with at.database.open("r+b", buffering=0) as file:
        pages = [os.pread(file.fileno(), PAGE, place) for place in range(0, at.database.stat().st_size, PAGE)]
        for number in range(len(pages)):
            os.pwrite(file.fileno(), GARBAGE, number * PAGE)
        await pause(DURATION)
        for number, page in enumerate(pages):
            if os.pread(file.fileno(), PAGE, number * PAGE) == GARBAGE:
                os.pwrite(file.fileno(), page, number * PAGE)


async def _corrupt_at_start(at: Scene) -> None:
    """Start with a file that is no database, which has to be said in one line."""
    await at.end()
    kept = at.folder / "kept.db"
    at.database.rename(kept)
    at.database.write_bytes(b"This is a letter to my aunt.\n" * 1000)
    at.database.chmod(0o600)
    await at.start()
    code = await at.program.exits()
    said = [line for line in at.program.output if line]
    at.notes.append(f"started with it: exit {code}, {len(said)} line: {said[-1][:120] if said else ''}")
    if code == 0 or len(said) != 1:
        at.wrong.append("not one clear line at the start")
    for file in _files(at):
        file.unlink()
    kept.rename(at.database)
    await at.start()
    await at.is_up()


def _files(at: Scene) -> list[Path]:
    return sorted(at.folder.glob("gangway.db*"))


FAULTS = [
    Fault(
        name="sqlite-disk-full",
        expected="the disk is full: 503, and /readyz says so",
        strike=_disk_full,
        databases=ONLY,
        says=r"full|space",
        conditions=Conditions(disk=DISK),
        lack=lack_of_mount,
    ),
    Fault(
        name="sqlite-read-only",
        expected="the file can't be written: 503, and /readyz says so",
        strike=_read_only,
        databases=ONLY,
        says=r"written|read.only|I/O",
        conditions=Conditions(in_memory=False),
        lack=lack_of_immutable_files,
    ),
    Fault(
        name="sqlite-deleted",
        expected="the file is moved away, and back later: /readyz says so",
        strike=_deleted,
        databases=ONLY,
        says=r"deleted|gone|missing|replaced|moved",
    ),
    Fault(
        name="sqlite-corrupt",
        expected="the file is overwritten while it is used, and mended: /readyz says so",
        strike=_corrupt,
        databases=ONLY,
        says=r"corrupt|damaged|not a database|isn't a database|malformed",
    ),
    Fault(
        name="sqlite-corrupt-at-start",
        expected="a start with a file that is no database: one clear line",
        strike=_corrupt_at_start,
        databases=ONLY,
        pages_within=5.0,
        chat_within=10.0,
    ),
]
