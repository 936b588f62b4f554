"""Texts that somebody has read and approved, in tests/approved: a test compares what it gets now with one of them.

`make approve` (`pytest --approve`) writes them anew; git then shows what has changed.
"""

from collections.abc import Callable, Collection
from difflib import unified_diff
from pathlib import Path

import pytest

TEXTS = Path(__file__).parents[1] / "approved"
Approve = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the texts anew."""
    parser.addoption("--approve", action="store_true", help="write the approved texts anew, instead of comparing")


@pytest.fixture
def approve(pytestconfig: pytest.Config) -> Approve:
    """Compares a text with the approved one of a name, such as "courses/enrolling"."""

    def compare(name: str, text: str) -> None:
        file = TEXTS / f"{name}.txt"
        if pytestconfig.getoption("--approve"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return
        approved = file.read_text(encoding="utf-8") if file.exists() else ""
        if text != approved:
            lines = unified_diff(approved.splitlines(), text.splitlines(), f"approved/{name}.txt", "now", lineterm="")
            pytest.fail("\n".join((*lines, "", "If this is right: make approve")), pytrace=False)

    return compare


@pytest.fixture
def approve_no_others(pytestconfig: pytest.Config) -> Callable[[str, Collection[str]], None]:
    """Fails for texts in a folder that have none of these names; deletes them instead with `--approve`."""

    def check(folder: str, names: Collection[str]) -> None:
        kept = {TEXTS / f"{name}.txt" for name in names}
        left_over = [file for file in sorted((TEXTS / folder).rglob("*.txt")) if file not in kept]
        if pytestconfig.getoption("--approve"):
            for file in left_over:
                file.unlink()
        else:
            assert left_over == [], "no test reads them any more: make approve"

    return check
