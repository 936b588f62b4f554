"""A plug-in of pytest that writes down which lines each test reaches, and how long it takes."""

import json
import time
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

LINES, SECONDS = "lines", "seconds.json"  # files in the folder that is given


class Recorder:
    """Measures one test at a time; what its fixtures reach is reached by the test."""

    def __init__(self, folder: Path, packages: tuple[str, ...]) -> None:
        self._folder = folder
        self._coverage = coverage.Coverage(
            data_file=str(folder / LINES), config_file=False, include=[f"{package}/*" for package in packages]
        )
        self._coverage.set_option("run:relative_files", True)  # noqa: FBT003 - coverage's own way
        self._seconds: dict[str, float] = {}
        self._useless: set[str] = set()
        self._coverage.start()  # before the code is imported: what runs then belongs to no test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Take what runs from here on as reached by this test."""
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = round(time.monotonic() - began, 3)
            self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave out a test that fails or is skipped although nothing was changed: it can notice no change."""
        if not report.passed:
            self._useless.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write all of it down."""
        self._coverage.stop()
        self._coverage.save()
        kept = {name: seconds for name, seconds in self._seconds.items() if name not in self._useless}
        (self._folder / SECONDS).write_text(json.dumps(kept, indent=0))
