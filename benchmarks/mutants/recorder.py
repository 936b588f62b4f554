"""Write down which lines each test reaches, and how long it takes; each process has a share of the tests.

What was recorded before stays; what tests in newer files reach is recorded anew.
"""

import json
import os
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing import Process
from pathlib import Path

import coverage
import pytest
from hypothesis import settings

from benchmarks.mutants.running import OPTIONS, QUICK, TEMPORARY, scratch

LINES, SECONDS = "lines", "seconds"  # files in the folder, of each share
EXAMPLES = 10  # of hypothesis: they reach the lines that a hundred reach


@dataclass(frozen=True, kw_only=True)
class Share:
    """Every `of`th of the tests; `place` tells this share's files from all others, also of earlier recordings."""

    number: int
    of: int
    place: int


class Recorder:
    """A plug-in of pytest that measures one test at a time; what its fixtures reach is reached by the test."""

    def __init__(self, folder: Path, packages: Sequence[str], share: Share) -> None:
        self._folder, self._share = folder, share
        self._coverage = coverage.Coverage(
            data_file=str(folder / f"{LINES}.{share.place}"),
            config_file=False,
            include=[f"{package}/*" for package in packages],
        )
        self._coverage.set_option("run:relative_files", True)  # noqa: FBT003 - coverage's own way
        self._seconds: dict[str, float | None] = {}
        self._began = time.time()
        self._coverage.start()  # before the code is imported: what runs then belongs to no test

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Leave the other shares to the other processes."""
        session.items[:] = session.items[self._share.number :: self._share.of]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Take what runs from here on as reached by this test."""
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        self._seconds[item.nodeid] = 0.0
        try:
            return (yield)
        finally:
            if self._seconds[item.nodeid] is not None:
                self._seconds[item.nodeid] = round(time.monotonic() - began, 3)
            self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Leave out a test that fails or is skipped although nothing was changed: it can notice no change."""
        if not report.passed:
            self._seconds[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        """Write all of it down; the file is as old as the tests that were read."""
        self._coverage.stop()
        self._coverage.save()
        file = self._folder / f"{SECONDS}.{self._share.place}"
        file.write_text(json.dumps(self._seconds, indent=0))
        os.utime(file, (self._began, self._began))


def record(folder: Path, packages: Sequence[str], tests: Sequence[str], at_once: int) -> None:
    """Run those tests once of which the folder has nothing yet, or has something older than their files."""
    folder.mkdir(exist_ok=True)
    recorded = [file.stat().st_mtime for file in folder.glob(f"{SECONDS}.*")]
    known = sorted(file for each in tests for file in Path(each).glob("test_*.py"))
    files = [str(file) for file in known if file.stat().st_mtime > max(recorded, default=0.0)]
    if not files:
        return
    shares = [Share(number=number, of=at_once, place=len(recorded) + number) for number in range(at_once)]
    processes = [Process(target=_record_share, args=(folder, packages, files, share)) for share in shares]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def _record_share(folder: Path, packages: Sequence[str], files: Sequence[str], share: Share) -> None:
    with scratch() as temporary:
        os.environ[TEMPORARY] = os.environ["TMPDIR"] = tempfile.tempdir = temporary
        settings.register_profile("recording", settings.get_profile("ci"), max_examples=EXAMPLES)
        options = [*OPTIONS, *QUICK, "--hypothesis-profile=recording"]
        pytest.main([*options, *files], plugins=[Recorder(folder, packages, share)])
