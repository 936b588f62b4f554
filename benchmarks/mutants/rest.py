"""Which of the tests that aren't recorded may notice a change: those marked `deep`, and those on PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.mutants.importers import importers
from benchmarks.mutants.mutations import Mutant


class Rest:
    """What was collected and isn't recorded."""

    def __init__(self, collected: Iterable[str], recorded: Iterable[str]) -> None:
        self._recorded = frozenset(recorded)
        self._by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(set(collected) - self._recorded, key=self._rank):
            self._by_file[_file(test)].append(test)

    def tests(self, mutant: Mutant, reaching: Sequence[str]) -> list[str]:
        """Return what the files of recorded tests that reach a change have besides, then those that import its module.

        What is recorded of a test holds on PostgreSQL, too: if it doesn't reach the change, it doesn't there.
        """
        nearest = dict.fromkeys([*map(_file, reaching), *map(str, importers(mutant.path))])
        unrelated = self._recorded.difference(reaching)
        return [test for file in nearest for test in self._by_file.get(file, ()) if _on_sqlite(test) not in unrelated]

    def _rank(self, test: str) -> tuple[bool, bool, str]:
        """Put first what isn't recorded on SQLite either."""
        return _on_sqlite(test) in self._recorded, _on_sqlite(test) != test, test


def _file(test: str) -> str:
    return test.partition("::")[0]


def _on_sqlite(test: str) -> str:
    return test.replace("postgresql", "sqlite")
