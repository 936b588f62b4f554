"""How pytest runs when tests are recorded, and when changes are tried."""

import tempfile
from pathlib import Path

import pytest

ONE_TEST = 60  # seconds, of which a test takes one or two
NEVER = "not cpu_budget and not test_core_model"  # what measures, or tries for long
OPTIONS = (
    *("-q", "--tb=no", "-k", NEVER, "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("--hypothesis-profile=ci", "-o", "tmp_path_retention_policy=none"),
    *(f"--timeout={ONE_TEST}", "--timeout-method=thread"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # hypothesis is imported before
)
QUICK = ("--quick", "-k", f"{NEVER} and not postgresql")  # what is recorded: one database, nothing deep
PASSED, TIMED_OUT, FAILED, BROKEN = 0, 1, 10, 11  # exit codes of a trial; 1 is that of pytest-timeout
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a name of its own is made there
TEMPORARY = "PYTEST_DEBUG_TEMPROOT"  # where pytest makes the folders of tests


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for what tests write, in memory if the machine has one there."""
    folder = MEMORY if MEMORY.is_dir() else None
    return tempfile.TemporaryDirectory(prefix="gangway-", dir=folder, ignore_cleanup_errors=True)


class Progress:
    """A plug-in of pytest that sees whether a test failed, and writes down which one runs."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.failed = False

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Write it down before it runs: it may not come to its end."""
        self._file.write_text(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a test failed."""
        self.failed |= report.failed
