"""A list as a grid of cells, whatever it came from, and the bounds of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import ListTooLong

MOST_ROWS = 10_000
LARGEST = 5 * 1024 * 1024  # bytes of a file, and of a pasted text
MOST_COLUMNS = 200
LONGEST_CELL = 1000  # characters; what follows is cut off, since no field is that long


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row with something in it: its number as the person's program shows it (from 1), and its cells as texts."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int | None) -> str:
        """Return the cell in a column (from 0); empty if the row is shorter, or there is no such column."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The rows with something in them. `sheet` is the number of a workbook's sheet (from 1), 0 for a text.

    `hidden` are the numbers of rows that the person's program doesn't show; they are read like the others.
    `is_hidden_sheet`: nor does it show the sheet.
    """

    lines: tuple[Line, ...]
    sheet: int = 0
    sheet_name: str = ""
    hidden: frozenset[int] = frozenset()
    is_hidden_sheet: bool = False


def lines_of(rows: Iterable[Sequence[str]], first: int = 1) -> tuple[Line, ...]:
    """Number rows, and leave out those without any letter or digit in them, such as rows of separators.

    Raises ListTooLong.
    """
    found: list[Line] = []
    for number, row in enumerate(rows, first):
        cells = tuple(cell[:LONGEST_CELL].strip() for cell in row)
        if not any(cells):
            continue
        if len(found) == MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:  # one more row than people: the header
            raise ListTooLong(MOST_ROWS)
        found.append(Line(number=number, cells=cells))
    return tuple(found)
