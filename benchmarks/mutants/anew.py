"""A trial of a change that import has run already: a process of its own, which imports the changed file.

It is started as `python -m benchmarks.mutants.anew FILE`, with a pickled `Task` in the file.
"""

import os
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from benchmarks.mutants.mutations import Mutant
from benchmarks.mutants.running import FAILED, OPTIONS, PASSED, Progress


@dataclass(frozen=True, kw_only=True)
class Task:
    """What to change (None: nothing), which tests to run, and where to write down which one runs."""

    mutant: Mutant | None
    tests: Sequence[str]
    progress: Path


class _Chosen:
    """A plug-in that runs the given tests, in their order, and those of their functions that the change made."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}
        self._functions = {_function(test): place for test, place in self._places.items()}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Leave out what the files have besides."""
        places = {item: self._places.get(item.nodeid, self._made(item.nodeid)) for item in session.items}
        chosen = {item: place for item, place in places.items() if place is not None}
        session.items[:] = sorted(chosen, key=lambda item: chosen[item])

    def _made(self, test: str) -> int | None:
        return self._functions.get(_function(test))


def _function(test: str) -> tuple[str, bool]:
    """Return what parametrisation makes several tests of, on each database."""
    return test.partition("[")[0], "postgresql" in test


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


def main() -> None:
    """Run the tests until one fails, and end with the exit code of a trial."""
    task: Task = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - our own
    if task.mutant is not None:
        sys.meta_path.insert(0, _Finder(task.mutant))
    files = dict.fromkeys(test.partition("::")[0] for test in task.tests)
    code = pytest.main([*OPTIONS, "-x", *files], plugins=[_Chosen(task.tests), Progress(task.progress)])
    os._exit(PASSED if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else FAILED)


if __name__ == "__main__":
    main()
