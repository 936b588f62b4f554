"""Reads departments from a CSV or XLSX file: a column of paths, a column for each level, or each with its parent."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.domain.department_lists import read_rows
from core.domain.naming import PATH_SEPARATOR, parse_path
from core.domain.text import key
from core.errors import ListProblem, ListUnreadable, Refusal
from core.rosters.columns import HEADER_WITHIN, header_key
from core.rosters.files import opened
from core.rosters.grid import Grid, Line
from core.rosters.header_words import BARE_NAMES, PARENTS, UNITS
from core.rosters.separators import separated

LEVEL = re.compile(r"(level|уровень|nivel|ebene|limenis) ?\d+|\d+ ?(level|уровень|nivel|ebene|limenis)")


@dataclass(frozen=True, kw_only=True)
class DepartmentFile:
    """The departments of a file: their paths once each, and the numbers of the rows that can't be read as one.

    `headers` are those of the columns that are read, none if there is no header. `sheet` is the number of a workbook's
    sheet (from 1), 0 for a text.
    """

    paths: tuple[str, ...]
    unread: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    sheet: int = 0


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """Where names are (from 0, the highest level first), the parents, if a column has them, and the header's row."""

    names: tuple[int, ...] = ()
    parent: int | None = None
    skipped: int = 0

    @property
    def places(self) -> tuple[int, ...]:
        return self.names if self.parent is None else (*self.names, self.parent)


def read_file(contents: bytes, languages: Iterable[str]) -> DepartmentFile:
    """Read a file; of several sheets, the first with most departments.

    Raises ListTooLarge, ListTooLong, ListUnreadable.
    """
    held = opened(contents, languages)
    found = [_written(held)] if isinstance(held, str) else list(map(_read, held))
    best = max(found, key=lambda each: len(each.paths), default=DepartmentFile(paths=()))
    if not best.paths:
        raise ListUnreadable(ListProblem.NO_DEPARTMENTS)
    return best


def _written(text: str) -> DepartmentFile:
    """Read a text: as a table if its rows have several cells, else as a list with one department a line."""
    grid = separated(text, _known_columns)
    if grid is not None:
        return _read(grid)
    rows = [line.strip(' ,;"') for line in text.splitlines()]
    first = next((place for place, row in enumerate(rows) if row), 0)
    headed = bool(rows) and header_key(rows[first]) in UNITS | BARE_NAMES
    lines = [line.rstrip(" ,;").replace('"', "") for line in text.splitlines()]
    lines[: first + headed] = [""] * (first + headed)
    return _checked(read_rows("\n".join(lines)), headers=(rows[first],) if headed else ())


def _known_columns(lines: Sequence[Line]) -> int:
    """Return how many columns a separator gives that hold departments; 0 if the rows are no table."""
    layout = _layout(lines)
    if layout.skipped:
        return len(layout.places) if max(len(line.cells) for line in lines) > 1 else 0
    wide = [line for line in lines if len(line.cells) > 1]
    return len(layout.names) if 2 * len(wide) > len(lines) else 0


def _read(grid: Grid) -> DepartmentFile:
    layout = _layout(grid.lines)
    lines = grid.lines[layout.skipped :]
    found = _below_parents(lines, layout) if layout.parent is not None else _of_levels(lines, layout.names)
    header = grid.lines[layout.skipped - 1] if layout.skipped else None
    headers = tuple(header.cell(place) for place in layout.places) if header else ()
    return _checked(found, headers=headers, sheet=grid.sheet)


def _checked(found: Iterable[tuple[int, str]], *, headers: tuple[str, ...], sheet: int = 0) -> DepartmentFile:
    """Sort the paths of rows into those that can be one, once each, and the rows of the others."""
    paths, unread = dict[str, None](), list[int]()
    for number, path in found:
        if _is_path(path):
            paths[path] = None
        else:
            unread.append(number)
    return DepartmentFile(paths=tuple(paths), unread=tuple(unread), headers=headers, sheet=sheet)


def _is_path(text: str) -> bool:
    try:
        parse_path(text)
    except Refusal:
        return False
    return True


def _layout(lines: Sequence[Line]) -> _Layout:
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        if named := _named(line, skipped=place + 1):
            return named
    width = max((len(line.cells) for line in lines), default=0)
    return _Layout(names=tuple(place for place in range(width) if _are_names(line.cell(place) for line in lines)))


def _named(line: Line, *, skipped: int) -> _Layout | None:
    """Return the columns that a header names; None if the row is no header of departments."""
    words = list(map(header_key, line.cells))
    parent = next((place for place, each in enumerate(words) if each in PARENTS), None)
    names = tuple(place for place, each in enumerate(words) if each in UNITS or LEVEL.fullmatch(each))
    if not names and (parent is not None or len(words) == 1):
        names = tuple(place for place, each in enumerate(words) if each in BARE_NAMES)
    if not names:
        return None
    return _Layout(names=names if parent is None else names[:1], parent=parent, skipped=skipped)


def _are_names(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return any(any(map(str.isalpha, cell)) for cell in filled) and not any("@" in cell for cell in filled)


def _of_levels(lines: Iterable[Line], places: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Return the paths of rows with a column for each level; what is empty on the left is as in the row above."""
    above: list[str] = []
    for line in lines:
        cells = [line.cell(place).strip(" /") for place in places]
        begins = next((place for place, cell in enumerate(cells) if cell), None)
        if begins is None:
            continue  # such as a row of totals
        above = [*(above + [""] * len(cells))[:begins], *cells[begins:]]
        yield line.number, _joined(above)


def _below_parents(lines: Sequence[Line], layout: _Layout) -> Iterator[tuple[int, str]]:
    """Return the paths of rows that name a department and the one above it, which may stand in any row, or in none.

    A row without a name, or of which each is above the other, has an empty path.
    """
    [names], parents = layout.names, layout.parent
    named = [(line.number, line.cell(names).strip(" /"), line.cell(parents).strip(" /")) for line in lines]
    above: dict[str, str] = {}
    for _, name, parent in named:
        above.setdefault(key(name), parent)
    for number, name, parent in named:
        path = _upwards(name, parent, above) if name else []
        yield number, _joined(path)


def _upwards(name: str, parent: str, above: Mapping[str, str]) -> list[str]:
    """Return the path of a department; none if it is above itself. One whose parent has its own name is at the top."""
    path = [name]
    seen = {key(name)}
    while parent and key(parent) != key(path[0]):
        if key(parent) in seen:
            return []
        path.insert(0, parent)
        seen.add(key(parent))
        parent = above.get(key(parent), "")
    return path


def _joined(cells: Iterable[str]) -> str:
    """Join the cells of a path; one may hold several levels with slashes between them."""
    pieces = (piece.strip() for cell in cells for piece in cell.split("/"))
    return PATH_SEPARATOR.join(filter(None, pieces))
