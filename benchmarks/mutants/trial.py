"""Whether tests notice a change: each trial is a fork of pytest, which has collected all tests already."""

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType, ModuleType
from typing import NoReturn

import pytest

from benchmarks.mutants.mutations import Mutant

ONE_TEST = 60  # seconds, of which a test takes one or two
LEFT_OUT = "not postgresql and not cpu_budget and not test_core_model"  # one database; what measures, or tries for long
OPTIONS = (
    *(
        "--quick",
        "-q",
        "--tb=no",
        "-k",
        LEFT_OUT,
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--hypothesis-profile=ci",
    ),
    *(f"--timeout={ONE_TEST}", "--timeout-method=thread"),
)
OURS = ("core", "bot", "web", "tests", "gangway")
PASSED, TIMED_OUT, FAILED, BROKEN = 0, 1, 10, 11  # exit codes of a trial; 1 is that of pytest-timeout


class Outcome(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    TIMED_OUT = "timed out"  # a test didn't end, which CI notices as well
    SURVIVED = "survived"
    UNDECIDED = "undecided"  # our time was up before the tests were, or the trial itself failed


class Trials:
    """Takes the place of pytest's loop over tests: `work` is called with the means to try a change."""

    def __init__(self, work: Callable[["Trials"], None]) -> None:
        self._work = work
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try changes, once all tests are collected."""
        self._items = {item.nodeid: item for item in session.items}
        self._work(self)
        return True

    def attempt(self, mutant: Mutant | None, tests: Sequence[str], seconds: float) -> Outcome:
        """Run tests with a change, or with none, until one fails, for so many seconds at most."""
        child = os.fork()
        if child == 0:
            self._run(mutant, tests)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                return _OUTCOMES.get(os.waitstatus_to_exitcode(status), Outcome.UNDECIDED)
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return Outcome.UNDECIDED

    def _run(self, mutant: Mutant | None, tests: Sequence[str]) -> NoReturn:
        """Be the process of a trial, and end it."""
        code = BROKEN
        try:
            os.setpgid(0, 0)
            if mutant is None or change(mutant):
                code = self._run_collected(tests)
            else:
                _import_anew(mutant)
                code = PASSED if pytest.main([*OPTIONS, "-x", *tests]) == pytest.ExitCode.OK else FAILED
        finally:
            os._exit(code)

    def _run_collected(self, tests: Sequence[str]) -> int:
        items = [self._items[test] for test in tests]
        watch = _Watch()
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.pluginmanager.register(watch)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item.config.pluginmanager.unregister(watch)
            if watch.failed:
                return FAILED
        return PASSED


_OUTCOMES = {PASSED: Outcome.SURVIVED, TIMED_OUT: Outcome.TIMED_OUT, FAILED: Outcome.KILLED}


class _Watch:
    """Sees whether a test failed."""

    failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed


def change(mutant: Mutant) -> bool:
    """Give functions their changed code; return False if the change is outside of them, where import has run it."""
    path = str(mutant.path.resolve())
    old, new = compile(mutant.path.read_bytes(), path, "exec"), compile(mutant.source(), path, "exec")
    before, after = dict(_functions(old)), dict(_functions(new))
    changed = {name for name, code in before.items() if code != after.get(name)}
    if not changed or _outside(old) != _outside(new) or any("<" in name for name, _ in changed):
        return False
    gc.unfreeze()  # what is frozen, as all is that was imported before the tests, isn't listed
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            name = each.__code__.co_qualname, each.__code__.co_firstlineno
            if name in changed:
                each.__code__ = after[name]
    return True


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the functions of a module and the methods of its classes, by name and line, not those within them."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_flags & CO_OPTIMIZED:
            yield (inner.co_qualname, inner.co_firstlineno), inner
        elif isinstance(inner, CodeType):  # a class
            yield from _functions(inner)


def _outside(code: CodeType) -> list[object]:
    """Return what a module, or a class, does itself when it is imported."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    consts = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    return [
        code.co_code,
        code.co_names,
        consts,
        *(_outside(each) for each in inner if not each.co_flags & CO_OPTIMIZED),
    ]


def _import_anew(mutant: Mutant) -> None:
    """Forget all of our modules, and let the changed one be imported with its change."""
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(mutant))


class _Loader(SourceFileLoader):
    """Loads one module from another source."""

    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(mutant.path.resolve()))
        self._source = mutant.source()

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.get_filename(fullname), "exec")


class _Finder(MetaPathFinder):
    """Finds one module at the loader above."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = ".".join(mutant.path.with_suffix("").parts)
        self._loader = _Loader(self._name, mutant)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == self._name else None
        if spec is not None:
            spec.loader = self._loader
        return spec
