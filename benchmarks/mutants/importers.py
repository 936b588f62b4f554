"""Which modules import a module, the nearest first."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

UNIT = "tests/unit/"
FOLDERS = ("core", "bot", "web", UNIT, "tests/integration")


def importers(path: Path) -> list[Path]:
    """Return a module's file, those that import it, unit tests first, then those that import these, and so on."""
    ordered = [path]
    for each in ordered:
        found = _direct().get(each, set()).difference(ordered)
        ordered += sorted(found, key=lambda file: (not str(file).startswith(UNIT), file))
    return ordered


@cache
def _direct() -> dict[Path, set[Path]]:
    """Return for each file those that import it by themselves."""
    found: dict[Path, set[Path]] = {}
    for folder in FOLDERS:
        for file in Path(folder).rglob("*.py"):
            for imported in _imported(ast.parse(file.read_bytes())):
                found.setdefault(imported, set()).add(file)
    return found


def _imported(tree: ast.Module) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for path in (Path(*node.module.split("."), alias.name) for alias in node.names):
                yield from path.glob("*.py")  # of a package
                yield path.with_suffix(".py")
            yield Path(*node.module.split(".")).with_suffix(".py")
