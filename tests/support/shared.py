"""What the processes of one test run share: the first that asks makes it, the others find it.

pytest's first process owns the folder; xdist's workers are told where it is.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_WORKER_INPUT = "gangway_shared"


class Shared:
    """A folder that lasts as long as the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def lifeline(self) -> Path:
        """Return a FIFO that is open for writing as long as the run lasts: who reads it sees the end of the run."""
        return self.folder / "lifeline"

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Return what `make` gave to the first process that asked by this name; the others wait for it."""
        made = self.folder / f"{name}.made"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                made.write_text(make())
            return made.read_text()

    def all_made(self, prefix: str) -> list[str]:
        """Return everything that was made by a name that begins so."""
        return [made.read_text() for made in sorted(self.folder.glob(f"{prefix}*.made"))]


def folder_in_memory() -> str | None:
    """Return a folder in memory, if that has room: databases and files are made there in a tenth of the time."""
    folder = "/dev/shm"  # noqa: S108 - mkdtemp makes the name in it
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2 * 2**30 else None


_SHARED = pytest.StashKey[Shared]()
_LIFELINE = pytest.StashKey[int]()


def shared_by(config: pytest.Config) -> Shared:
    """Return what the run shares."""
    return config.stash[_SHARED]


def is_owner(config: pytest.Config) -> bool:
    """Tell whether this is the run's first process, the one that outlives all others."""
    return _LIFELINE in config.stash


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder, or find it where the first process made it."""
    told: str | None = getattr(config, "workerinput", {}).get(_WORKER_INPUT)
    in_memory = folder_in_memory()
    config.stash[_SHARED] = shared = Shared(Path(told or tempfile.mkdtemp(prefix="gangway-tests-", dir=in_memory)))
    if told is None:
        if in_memory:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", in_memory)  # what tmp_path gives, to the workers as well
        os.mkfifo(shared.lifeline)
        config.stash[_LIFELINE] = os.open(shared.lifeline, os.O_RDWR)  # for writing alone, it would wait for a reader


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - xdist's controller of a worker, which has no public type
    """Tell a worker where the folder is."""
    node.workerinput[_WORKER_INPUT] = str(shared_by(node.config).folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what waits for the end, and clear up."""
    if is_owner(config):
        os.close(config.stash[_LIFELINE])
        shutil.rmtree(shared_by(config).folder)


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Shared:
    """What the processes of this run share."""
    return shared_by(pytestconfig)
