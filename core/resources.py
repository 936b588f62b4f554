"""What the system gives this process: open files, and threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

resource: Any = import_module("resource") if find_spec("resource") else None  # Windows has no such limits
ENOUGH_FILES = 65_536  # hard limits of containers can be a thousand million, and are then no figure to plan with
STARTS_WITHIN = 30.0  # seconds


def most_files() -> int:
    """Return how many files this process may have open at the same time."""
    if resource is None:
        return ENOUGH_FILES
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ENOUGH_FILES if files == resource.RLIM_INFINITY else min(int(files), ENOUGH_FILES)


def raise_most_files() -> None:
    """Allow this process as many open files as its hard limit does: the soft one is often 1,024, for old programs."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # then it stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def thread_pool(number: int, name: str) -> ThreadPoolExecutor:
    """Return a pool whose threads all run already, so that none is missing later.

    Raises RuntimeError if there are too few, which `lacks_threads` tells from others.
    """
    pool, all_run = ThreadPoolExecutor(number, name), threading.Barrier(number)
    try:
        for _ in range(number):
            pool.submit(all_run.wait, STARTS_WITHIN)
    except RuntimeError:
        all_run.abort()
        pool.shutdown(wait=False)
        raise
    return pool


def lacks_threads(error: RuntimeError) -> bool:
    """Return whether the system didn't let a thread start; Python has no error of its own for that."""
    return str(error) == "can't start new thread"
