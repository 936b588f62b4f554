"""Reads departments from a CSV or XLSX file: a column of paths, a column for each level, or each with its parent."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.department_lists import read_rows
from core.domain.naming import DEEPEST, PATH_SEPARATOR, parse_path
from core.domain.text import key
from core.errors import ListProblem, ListUnreadable, Refusal
from core.rosters.columns import HEADER_WITHIN, header_key
from core.rosters.files import opened
from core.rosters.grid import Grid, Line
from core.rosters.header_words import BARE_NAMES, BESIDE_UNITS, MEANINGS, PARENTS, UNITS
from core.rosters.separators import separated

LEVEL = re.compile(r"(level|уровень|nivel|ebene|limenis) ?\d+|\d+ ?(level|уровень|nivel|ebene|limenis)")
QUOTED = re.compile(r'(?P<indent>\s*)"(?P<cell>(?:[^"]|"")*)"')  # a whole line as a cell (RFC 4180, 2.5 to 2.7)


@dataclass(frozen=True, kw_only=True)
class DepartmentFile:
    """The departments of a file: their paths once each, and the numbers of the rows that can't be read as one.

    `headers` are those of the columns that are read, none if there is no header; `skipped` are the numbers of the rows
    above it. `sheet` is the number of a workbook's sheet (from 1), 0 for a text. `split` are the rows with a slash in a
    name, which becomes several levels, though other columns give the levels.
    """

    paths: tuple[str, ...]
    unread: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    sheet: int = 0
    split: tuple[int, ...] = ()


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
    lines = [_unquoted(line.rstrip(" ,;")) for line in text.splitlines()]
    lines[: first + headed] = [""] * (first + headed)
    return _checked(read_rows("\n".join(lines)), headers=(rows[first],) if headed else ())


def _unquoted(line: str) -> str:
    """Return the text of a line that is one quoted cell; any other line unchanged, since names have quotes too."""
    found = QUOTED.fullmatch(line)
    return found["indent"] + found["cell"].replace('""', '"') if found else line


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
    split = _with_slash(lines, layout.places)
    if not layout.skipped:
        return replace(_checked(found, headers=(), sheet=grid.sheet), split=split)
    *above, header = grid.lines[: layout.skipped]
    read = _checked(found, headers=tuple(map(header.cell, layout.places)), sheet=grid.sheet)
    return replace(read, skipped=tuple(line.number for line in above), split=split)


def _with_slash(lines: Iterable[Line], places: Sequence[int]) -> tuple[int, ...]:
    """Return the rows with a slash inside a name; in a single column it is how paths are written."""
    if len(places) == 1:
        return ()
    return tuple(line.number for line in lines if any("/" in line.cell(place).strip(" /") for place in places))


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
        alone = sum(map(bool, line.cells)) == 1
        if not (place and alone) and (named := _named(line, skipped=place + 1)):
            return named  # a cell that is alone in a later row is a department called "Team" rather than a header
    width = max((len(line.cells) for line in lines), default=0)
    return _Layout(names=tuple(place for place in range(width) if _are_names(line.cell(place) for line in lines)))


def _named(line: Line, *, skipped: int) -> _Layout | None:
    """Return the columns that a header names; None if the row is no header of departments, or holds something else."""
    words = list(map(header_key, line.cells))
    if not all(_is_header(each) for each in words):
        return None
    parent = next((place for place, each in enumerate(words) if each in PARENTS), None)
    names = tuple(place for place, each in enumerate(words) if each in UNITS or LEVEL.fullmatch(each))
    if not names and (parent is not None or len(words) == 1):
        names = tuple(place for place, each in enumerate(words) if each in BARE_NAMES)
    if not names:
        return None
    return _Layout(names=names if parent is None else names[:1], parent=parent, skipped=skipped)


def _is_header(words: str) -> bool:
    """Return whether a cell's words, as `header_key` returns them, are a header of any column; so is an empty cell."""
    known = words in UNITS | PARENTS | BARE_NAMES or words in MEANINGS or LEVEL.fullmatch(words)
    return bool(not words or known or not BESIDE_UNITS.isdisjoint(words.split()))


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

    The path is empty if a row has no name, if each of two is above the other, if there are more than DEEPEST levels,
    and below a name that several departments have, since it doesn't tell which of them is meant.
    """
    [names], parents = layout.names, layout.parent
    named = [(line.number, line.cell(names).strip(" /"), line.cell(parents).strip(" /")) for line in lines]
    above: dict[str, dict[str, str]] = {}
    for _, name, parent in named:
        upper = "" if key(parent) == key(name) else key(parent)
        above.setdefault(key(name), {}).setdefault(upper, parent)
    for number, name, parent in named:
        path = _upwards(name, parent, above) if name else []
        yield number, _joined(path)


def _upwards(name: str, parent: str, above: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the path of a department; none if there is no single one. One whose parent has its own name is at the top.

    `above` has the parents of each name, by its key, each by its own key, which is empty at the top.
    """
    path, here, upper = [name], key(name), key(parent)
    seen = {here}
    while upper and upper != here:
        parents = above.get(upper, {"": ""})
        if upper in seen or len(path) == DEEPEST or len(parents) > 1:
            return []
        path.insert(0, parent)
        seen.add(upper)
        here = upper
        [(upper, parent)] = parents.items()
    return path


def _joined(cells: Iterable[str]) -> str:
    """Join the cells of a path; one may hold several levels with slashes between them."""
    pieces = (piece.strip() for cell in cells for piece in cell.split("/"))
    return PATH_SEPARATOR.join(filter(None, pieces))
