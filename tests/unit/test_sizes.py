"""The sizes of what is maintained: a file that has grown too long holds two subjects, a function two steps."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAINTAINED = ("core", "bot", "web", "benchmarks", ".ci")
ONCE_WRITTEN = ROOT / "core" / "storage" / "migrations" / "versions"  # they describe tables, and are never changed
LONGEST_FILE, LONGEST_FUNCTION = 300, 30  # lines, with docstrings


def test_no_file_is_too_long() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in _files()}
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {name: length for file in _files() for name, length in _functions(file)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def _files() -> list[Path]:
    found = [file for folder in MAINTAINED for file in (ROOT / folder).rglob("*.py")]
    return [ROOT / "gangway.py", *(file for file in found if not file.is_relative_to(ONCE_WRITTEN))]


def _functions(file: Path) -> Iterator[tuple[str, int]]:
    """Return each function of a file, as `file:line name`, with its length."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1
