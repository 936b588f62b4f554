"""What `make test` leaves out, and says so: `pytest --quick`. Without an option every test runs.

Left out are tests marked `deep` (kills, races between processes, hundreds at once, and what else takes long) and, of a
test that exists for both databases, one of the two: every eighth runs on PostgreSQL, where it takes twice as long. Of
hypothesis' examples a part is tried. The long tests begin first, on every process. In a file of deep tests, those
marked `quick` run all the same: the way that most people take through its subject.

`make test ALL=yes` (`pytest --thorough`) leaves out the second database only of tests of bot and web without the mark
`each_database`: neither knows storage or SQL, which import-linter holds, and all that core does is tested on both. So
it does of tests of permissions, of what is recorded, and of the long way through it all.
"""

import gc
import os
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

gc.disable()  # until all is collected: nothing of it becomes garbage, and looking for some takes a fifth of that time

DATABASES = SQLITE, POSTGRESQL = "sqlite", "postgresql"
ONE_OF = 8  # tests that exist for both databases, and run on one, runs on PostgreSQL
KNOW_NO_DATABASE = (
    *(f"tests/integration/test_{part}" for part in ("chat", "web", "bot", "mail", "delivery")),
    # What these look at is on each database tried by others: permissions, what is recorded, and a way through it all.
    *(f"tests/integration/test_core_{part}" for part in ("scope_everywhere", "authorisation", "audit")),
    "tests/e2e/test_journey",
)
LONG = ("tests/e2e/", "tests/integration/test_core_model", "tests/integration/test_chat_journeys")
_REPORT = "gangway_left_out"


@dataclass(frozen=True)
class LeftOut:
    """How many tests did not run."""

    deep: int
    other_databases: int

    def __str__(self) -> str:
        if self.deep:
            variants = f"{self.other_databases} variants for the other database"
            return f"left out: {self.deep} deep tests, {variants}; `make test ALL=yes` and .ci/run run most of them"
        return f"left out: {self.other_databases} variants for the other database; `pytest` alone runs them"


_LEFT_OUT = pytest.StashKey[LeftOut]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the short run."""
    parser.addoption("--quick", action="store_true", help="leave out deep tests, and one of two databases")
    parser.addoption("--thorough", action="store_true", help="leave out the second database of tests of bot and web")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let hypothesis try fewer examples in a short run; no outcome hangs on how fast the machine is."""
    config.addinivalue_line("markers", "deep: takes long, and is left out by `make test`")
    config.addinivalue_line("markers", "quick: isn't left out, although the tests of its file are deep")
    config.addinivalue_line(
        "markers", "each_database: tries something else on each, or races, also through pages and chat"
    )
    for name, examples in (("quick", 20), ("full", 100)):
        settings.register_profile(
            name, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        )
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("quick" if config.getoption("--quick") else "full")


@pytest.hookimpl(trylast=True)  # after -k and -m, so that a variant that is named runs
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a short run leaves out, and put the long tests first."""
    quick, thorough = config.getoption("--quick"), config.getoption("--thorough")
    if quick or thorough:
        deep = {item for item in items if _is_deep(item)}
        shallow = [item for item in items if item not in deep]
        others = other_databases(shallow if quick else [item for item in items if _is_alike_on_both(item)])
        out = {*others, *(deep if quick else ())}
        config.stash[_LEFT_OUT] = LeftOut(deep=len(out) - len(others), other_databases=len(others))
        config.hook.pytest_deselected(items=list(out))
        items[:] = [item for item in items if item not in out]
    long = [item for item in items if _is_deep(item) or item.nodeid.startswith(LONG)]
    first = set(long)
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = dealt(long, [item for item in items if item not in first], processes)


def pytest_collection_finish() -> None:
    """Spare the collector what was imported and collected, which lasts: it took an eighth of all tests' time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def _is_deep(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("deep")) and not item.get_closest_marker("quick")


def _is_alike_on_both(item: pytest.Item) -> bool:
    return item.nodeid.startswith(KNOW_NO_DATABASE) and not item.get_closest_marker("each_database")


def other_databases(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return all but one variant of each test that exists for both databases; its name decides which one."""
    variants: dict[str, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        for database in _databases_of(item):
            variants[item.nodeid.replace(database, "*")][database] = item
    return [item for name, found in variants.items() if len(found) > 1 for item in _but_one(name, found)]


def _databases_of(item: pytest.Item) -> list[str]:
    callspec = getattr(item, "callspec", None)
    return [value for value in callspec.params.values() if value in DATABASES] if callspec else []


def _but_one(name: str, variants: dict[str, T]) -> Iterator[T]:
    chosen = POSTGRESQL if zlib.crc32(name.encode()) % ONE_OF == 0 else SQLITE
    return (item for database, item in variants.items() if database != chosen)


def dealt(long: Sequence[T], short: Sequence[T], processes: int) -> list[T]:
    """Order tests so that each process, which is given an equal stretch of them, begins with its share of long ones."""
    ordered, left, others = list[T](), len(long) + len(short), iter(short)
    for number in range(processes):
        size = left // (processes - number)
        share = long[number::processes]
        ordered += [*share, *islice(others, max(0, size - len(share)))]
        left -= size
    return [*ordered, *others]


def many(examples: int) -> int:
    """Return a number of hypothesis' examples, scaled as the profile scales its usual hundred."""
    return max(1, examples * settings().max_examples // 100)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell xdist's first process what was left out."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None and _LEFT_OUT in session.config.stash:
        output[_REPORT] = astuple(session.config.stash[_LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - xdist's controller of a worker, which has no public type
    """Hear what was left out: the same by every worker."""
    if told := getattr(node, "workeroutput", {}).get(_REPORT):
        node.config.stash[_LEFT_OUT] = LeftOut(*told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out."""
    if _LEFT_OUT in config.stash:
        terminalreporter.write_line(str(config.stash[_LEFT_OUT]))
