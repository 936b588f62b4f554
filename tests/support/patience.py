"""How long tests wait for what must come: far longer than it takes, on a busy machine too, but not for ever."""

import os

PATIENCE = float(os.environ.get("GANGWAY_PATIENCE", "60"))  # seconds


def on_this_machine(seconds: float) -> float:
    """Return a limit that the product itself must keep, longer by as much as the machine has more to do than cores."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    busy = max(processes, os.getloadavg()[0])
    return seconds * max(1.0, 2 * busy / (os.cpu_count() or 1))
