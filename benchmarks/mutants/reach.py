"""Which tests reach a changed line, in the order in which they are tried."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from coverage import CoverageData

from benchmarks.mutants.importers import UNIT, importers
from benchmarks.mutants.mutations import Mutant
from benchmarks.mutants.recorder import LINES, SECONDS


class Reach:
    """What was recorded of the tests, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._data = CoverageData(no_disk=True)
        for file in folder.glob(f"{LINES}.*"):
            (recorded := CoverageData(str(file))).read()
            self._data.update(recorded)
        seconds: dict[str, float | None] = {}
        for file in sorted(folder.glob(f"{SECONDS}.*"), key=lambda each: int(each.suffix[1:])):
            seconds |= json.loads(file.read_text())
        self._seconds = {test: taken for test, taken in seconds.items() if taken is not None}

    @property
    def known(self) -> frozenset[str]:
        """Return all tests."""
        return frozenset(self._seconds)

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a change: unit tests first, and those first whose work is most in that file.

        What runs when the module is imported, such as a constant, no test reaches: it is noticed by those that reach
        the class around it, then by unit tests that import it, and then by those that reach files that import it.
        """
        if mutant.in_function:
            found = self._reaching(mutant.path, mutant.lines) or self._reaching(mutant.path, mutant.around)
            return self._ranked(found, mutant.path)
        found, ordered = set[str](), list[str]()
        files = sorted(importers(mutant.path), key=lambda each: not str(each).startswith(UNIT))
        for path, lines in [(mutant.path, mutant.around), *((each, None) for each in files)]:
            ordered += self._ranked(self._reaching(path, lines) - found, path)
            found = {*ordered}
        return ordered

    def seconds(self, tests: Iterable[str]) -> float:
        """Return how long tests took."""
        return sum(self._seconds[test] for test in tests)

    def _ranked(self, tests: Iterable[str], path: Path) -> list[str]:
        return sorted(tests, key=lambda test: self._rank(test, path))

    def _rank(self, test: str, path: Path) -> tuple[bool, float, str]:
        share = self._counts(path).get(test, 0) / max(1, self._totals().get(test, 0))
        return not test.startswith(UNIT), self._seconds[test] / (share + 0.01), test

    def _reaching(self, path: Path, lines: Sequence[int] | None) -> set[str]:
        """Return the tests that reach lines of a file, or (None) any, or that are in it."""
        if str(path).startswith(UNIT):
            return {test for test in self._seconds if test.startswith(f"{path}::")}
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
