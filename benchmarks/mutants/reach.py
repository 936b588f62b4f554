"""Which tests reach a changed line, in the order in which they are tried."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from coverage import CoverageData

from benchmarks.mutants.mutations import Mutant
from benchmarks.mutants.recorder import LINES, SECONDS

UNIT = "tests/unit/"


class Reach:
    """What was recorded of the tests, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._data = CoverageData(str(folder / LINES))
        self._data.read()
        self._seconds: dict[str, float] = json.loads((folder / SECONDS).read_text())

    @property
    def known(self) -> frozenset[str]:
        """Return all tests."""
        return frozenset(self._seconds)

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a change: unit tests first, and those first whose work is most in that file.

        What only runs when the module is imported, such as a constant, is noticed by those that reach the function or
        class around it, or else the file.
        """
        for lines in (mutant.lines, mutant.around, None):
            if found := self._reaching(mutant.path, lines):
                return sorted(found, key=lambda test: self._rank(test, mutant.path))
        return []

    def seconds(self, tests: Iterable[str]) -> float:
        """Return how long tests took."""
        return sum(self._seconds[test] for test in tests)

    def _rank(self, test: str, path: Path) -> tuple[bool, float, str]:
        share = self._counts(path)[test] / max(1, self._totals()[test])
        return not test.startswith(UNIT), self._seconds[test] / (share + 0.01), test

    def _reaching(self, path: Path, lines: range | None) -> set[str]:
        by_line = self._contexts(path)
        wanted = by_line if lines is None else lines
        return {test for line in wanted for test in by_line.get(line, ()) if test in self._seconds}

    @cache  # noqa: B019 - one for a run
    def _contexts(self, path: Path) -> dict[int, list[str]]:
        return self._data.contexts_by_lineno(str(path))

    @cache  # noqa: B019
    def _counts(self, path: Path) -> dict[str, int]:
        counts: dict[str, int] = {}
        for tests in self._contexts(path).values():
            for test in tests:
                counts[test] = counts.get(test, 0) + 1
        return counts

    @cache  # noqa: B019
    def _totals(self) -> dict[str, int]:
        totals: dict[str, int] = {}
        for file in self._data.measured_files():
            for test, count in self._counts(Path(file)).items():
                totals[test] = totals.get(test, 0) + count
        return totals
