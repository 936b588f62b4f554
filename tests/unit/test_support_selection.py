"""What a short run leaves out: no test on both of its databases, none silently."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.selection import dealt, other_databases

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

both = pytest.mark.parametrize("database", ["sqlite", "postgresql"])

@both
def test_of_both(database): pass

@pytest.mark.deep
@both
def test_deep(database): pass

@pytest.mark.deep
@pytest.mark.quick
def test_deep_but_quick(): pass

@pytest.mark.each_database
@both
def test_of_each(database): pass

@pytest.mark.parametrize("database", ["sqlite"])
def test_of_one(database): pass

def test_of_none(): pass
"""


@dataclass(frozen=True)
class Spec:
    params: dict[str, object]


@dataclass(frozen=True)
class Item:
    nodeid: str
    callspec: Spec = field(hash=False)


def variants(name: str, *databases: str, case: str = "") -> list[Any]:
    return [Item(f"{name}[{database}{case}]", Spec({"database_url": database, "case": case})) for database in databases]


def kept(items: list[Any]) -> list[Any]:
    out = other_databases(cast("list[pytest.Item]", items))
    return [item for item in items if item not in out]


def test_of_each_test_one_database_is_kept_and_of_one_in_eight_it_is_postgresql() -> None:
    items = [item for n in range(200) for item in variants(f"test_{n}", "sqlite", "postgresql", case=f"-{n % 7}")]
    found = Counter(item.callspec.params["database_url"] for item in kept(items))
    assert [item.nodeid.partition("[")[0] for item in kept(items)] == [f"test_{n}" for n in range(200)]
    assert found["postgresql"] == pytest.approx(200 / 8, abs=15)


def test_the_same_one_is_kept_in_whatever_order_they_come() -> None:
    items = variants("test_it", "sqlite", "postgresql")
    assert kept(items) == kept(items[::-1])


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_test_of_one_database_alone_is_kept(database: str) -> None:
    items = variants("test_it", database)
    assert kept(items) == items


def test_cases_of_a_test_are_kept_each_on_one_database() -> None:
    items = [item for n in range(20) for item in variants("test_it", "sqlite", "postgresql", case=f"-{n}")]
    assert Counter(item.callspec.params["case"] for item in kept(items)) == {f"-{n}": 1 for n in range(20)}


@pytest.mark.parametrize(("long", "short", "processes"), [(1, 0, 4), (2, 40, 4), (6, 30, 4), (9, 3, 2), (3, 8, 1)])
def test_each_process_begins_with_its_share_of_the_long_ones_and_none_is_lost(
    long: int, short: int, processes: int
) -> None:
    first, others = [f"long {n}" for n in range(long)], [f"short {n}" for n in range(short)]
    ordered = dealt(first, others, processes)
    assert sorted(ordered) == sorted([*first, *others])
    if short >= processes * long:
        stretch = len(ordered) // processes
        starts = [ordered[number * stretch] for number in range(processes)]
        assert all(start in first for start in starts[:long])


@pytest.mark.deep
@pytest.mark.parametrize(
    ("options", "passed", "said"),
    [
        (["--quick", "-n2"], "5 passed", "left out: 2 deep tests, 2 variants for the other database; "),
        (["--quick", "-k", "deep or none"], "2 passed, 7 deselected", "left out: 2 deep tests, 0 variants"),
        (["--thorough"], "7 passed, 2 deselected", "left out: 2 variants for the other database"),
        ([], "9 passed", ""),
    ],
)
def test_what_is_left_out_is_said(tmp_path: Path, options: list[str], passed: str, said: str) -> None:
    (tests := tmp_path / "tests/integration").mkdir(parents=True)
    (tests / "test_chat_them.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ("-p", "tests.support.selection", "-p", "no:cacheprovider")
    command = (sys.executable, "-m", "pytest", *plugins, *options, str(tmp_path))
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert passed in ran.stdout, ran.stdout
    assert (said in ran.stdout) if said else ("left out" not in ran.stdout), ran.stdout
