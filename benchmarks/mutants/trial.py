"""Whether tests notice a change: each trial is a fork of pytest, which has collected all tests already."""

import os
import pickle
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import pytest

from benchmarks.mutants.anew import Task
from benchmarks.mutants.change import change, changed
from benchmarks.mutants.mutations import Mutant
from benchmarks.mutants.running import BROKEN, FAILED, ONE_TEST, PASSED, TEMPORARY, TIMED_OUT, Progress, scratch

FIRST_FILES = 8  # of tests, whose import is cheap; most changes are noticed by them


class Outcome(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    TIMED_OUT = "timed out"  # a test didn't end, which CI notices as well
    LATER = "killed by tests that are not recorded"
    SURVIVED = "survived"
    UNDECIDED = "undecided"  # our time was up before the tests were, or the trial itself failed


NOTICED = frozenset({Outcome.KILLED, Outcome.TIMED_OUT, Outcome.LATER})
_OUTCOMES = {PASSED: Outcome.SURVIVED, TIMED_OUT: Outcome.TIMED_OUT, FAILED: Outcome.KILLED}


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A change (None: none), and the tests that may notice it; `anew`: what it concerns is to be imported anew."""

    mutant: Mutant | None
    tests: Sequence[str]
    anew: bool

    def batches(self) -> Iterator["Trial"]:
        """Yield parts of this trial: of one that imports anew first what few files of tests find."""
        files = list(dict.fromkeys(test.partition("::")[0] for test in self.tests))
        first = set(files[:FIRST_FILES] if self.anew else files)
        for is_first in (True, False):
            tests = [test for test in self.tests if (test.partition("::")[0] in first) is is_first]
            if tests:
                yield Trial(mutant=self.mutant, tests=tests, anew=self.anew)


class Trials:
    """Takes the place of pytest's loop over tests: `work` is called with the means to try a change."""

    def __init__(self, work: Callable[["Trials"], None]) -> None:
        self._work = work
        self._items: dict[str, pytest.Item] = {}

    @property
    def collected(self) -> list[str]:
        """Return all tests."""
        return list(self._items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try changes, once all tests are collected."""
        self._items = {item.nodeid: item for item in session.items}
        self._work(self)
        return True

    def outcome(self, mutant: Mutant, tests: Sequence[str], seconds: float, *, changes: bool = True) -> Outcome:
        """Try a change for so many seconds at most.

        It is noticed by a test that fails, fails once more, and passes without it: not one that is unsteady.
        """
        known = [test for test in tests if test in self._items]
        trial = Trial(mutant=mutant if changes else None, tests=known, anew=changed(mutant) is None)
        until, outcome = time.monotonic() + seconds, Outcome.SURVIVED
        for batch in trial.batches():
            if (outcome := self._confirmed(batch, until)) is not Outcome.SURVIVED:
                break
        return outcome

    def _confirmed(self, trial: Trial, until: float) -> Outcome:
        left = trial.tests
        while left:
            part = Trial(mutant=trial.mutant, tests=left, anew=trial.anew)
            outcome, last = self._attempt(part, until)
            if outcome not in NOTICED or self._is_steady(trial, last or left[0]):
                return outcome
            left = left[left.index(last) + 1 :] if last in left else []
        return Outcome.SURVIVED

    def _is_steady(self, trial: Trial, test: str) -> bool:
        """Tell whether a test fails with the change, and passes without it."""
        until = time.monotonic() + 2 * ONE_TEST
        again, _ = self._attempt(Trial(mutant=trial.mutant, tests=[test], anew=trial.anew), until)
        without, _ = self._attempt(Trial(mutant=None, tests=[test], anew=False), until)
        return again in NOTICED and without is Outcome.SURVIVED

    def _attempt(self, trial: Trial, until: float) -> tuple[Outcome, str]:
        """Run tests until one fails; return what came of it, and the last test that ran."""
        with scratch() as name:
            progress = Path(name) / "progress"
            child = os.fork()
            if child == 0:
                self._run(trial, progress)
            outcome = _ended(child, until)
            return outcome, progress.read_text() if progress.exists() else ""

    def _run(self, trial: Trial, progress: Path) -> NoReturn:
        """Be the process of a trial, and end it."""
        code = BROKEN
        try:
            os.setpgid(0, 0)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            os.environ[TEMPORARY] = os.environ["TMPDIR"] = tempfile.tempdir = str(progress.parent)
            if trial.anew:
                _run_anew(trial, progress)
            elif trial.mutant is None or change(trial.mutant):
                code = self._run_collected(trial.tests, Progress(progress))
        finally:
            os._exit(code)

    def _run_collected(self, tests: Sequence[str], progress: Progress) -> int:
        items = [self._items[test] for test in tests]
        config = items[0].config
        config.pluginmanager.register(progress)
        plugin: Any = config.pluginmanager.get_plugin("tests.support.shared")
        shared = plugin.shared_by(config)
        shared.folder = Path(tempfile.mkdtemp())  # what a change has made stays in its trial
        os.mkfifo(shared.lifeline)
        os.open(shared.lifeline, os.O_RDWR)  # a PostgreSQL that tests start stops at the end of this process
        for item, following in zip(items, [*items[1:], None], strict=True):
            with suppress(Exception):  # of pytest itself: what a change breaks so fails in CI as well
                config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if not progress.failed:
                    continue
            return FAILED
        return PASSED


def _run_anew(trial: Trial, progress: Path) -> NoReturn:
    """Become another process."""
    file = progress.with_name("task")
    file.write_bytes(pickle.dumps(Task(mutant=trial.mutant, tests=trial.tests, progress=progress)))
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks.mutants.anew", str(file)])  # noqa: S606 - no shell


def _ended(child: int, until: float) -> Outcome:
    """Wait for the end of a trial, and bring it about when the time is up."""
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            crashed = code < 0 and code != -signal.SIGKILL  # as it would in CI; SIGKILL: memory ran out
            return Outcome.KILLED if crashed else _OUTCOMES.get(code, Outcome.UNDECIDED)
        time.sleep(0.02)
    with suppress(ProcessLookupError):  # it may not have made its group yet
        os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return Outcome.UNDECIDED
