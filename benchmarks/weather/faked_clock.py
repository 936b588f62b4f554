"""A clock that is set for the program alone, by libfaketime; monotonic time goes on."""

import os
from pathlib import Path

LIBRARIES = "usr/lib*/**/faketime/libfaketime.so.1"
NAMED = os.environ.get("GANGWAY_FAKETIME", "")  # where else the library is
CLOCK = "clock"  # a file in the program's folder


def environment(folder: Path) -> dict[str, str]:
    """Return what makes a program read its clock's offset from the folder."""
    step(folder, "+0")
    return {
        "LD_PRELOAD": _library(),
        "FAKETIME_TIMESTAMP_FILE": str(folder / CLOCK),
        "FAKETIME_CACHE_DURATION": "1",  # seconds; to read the file at each call would take ten times as long
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # else monotonic time would step, too
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else threads spin while they wait, and take 8 times as long
    }


def step(folder: Path, offset: str) -> None:
    """Set the clock so far off, such as -1h."""
    new = folder / f"{CLOCK}.new"
    new.write_text(f"{offset}\n")
    new.rename(folder / CLOCK)


def lack() -> str:
    """Say why no clock can be set."""
    return "" if _library() else "it takes libfaketime (apt-get install libfaketime)"


def _library() -> str:
    return NAMED or next((str(path) for path in Path("/").glob(LIBRARIES)), "")
