"""What the parts of a workbook say beyond its values: how far its cells extend, hidden sheets and rows, padded numbers.

Parsed with expat, which is strict: what it doesn't accept isn't given to the library either.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat

from core.errors import ListProblem, ListTooLong, ListUnreadable
from core.rosters.grid import MOST_COLUMNS, MOST_ROWS

MOST_CELLS = MOST_ROWS * 50  # of a sheet, those without a value included
MOST_AREA = 2_000_000  # cells of the rectangle around all values, which the library allocates
REFERENCE = re.compile(r"(?P<column>[A-Za-z]{1,3})(?P<row>[0-9]{1,7})")
NUMBER = re.compile(r"[0-9]{1,7}")
ZEROS = re.compile(r"0{2,20}")  # a number format that pads with zeros
HIDDEN_STATES = frozenset({"hidden", "veryHidden"})
WITH_VALUE = frozenset({"v", "f", "is"})
WORKBOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"

Attributes = Mapping[str, str]


@dataclass(kw_only=True)
class SheetFacts:
    """What a sheet says beyond its values; `styles` has the style of each cell (row, column, from 0) that has one."""

    rows: int = 0
    columns: int = 0
    hidden: set[int] = field(default_factory=set)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _cells: int = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        """Take the start of an element (ECMA-376, part 1, 18.3.1). Raises ListTooLong."""
        if name == "row":
            self._begin_row(attributes)
        elif name == "c":
            self._begin_cell(attributes)
        elif name in WITH_VALUE:
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
            if self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_AREA:
                raise ListTooLong(MOST_ROWS)

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self._row, self._column = int(number) if NUMBER.fullmatch(number) else self._row + 1, 0
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.add(self._row)

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise ListTooLong(MOST_ROWS)
        if place := REFERENCE.fullmatch(attributes.get("r", "")):
            self._row, self._column = int(place["row"]), _column_number(place["column"])
        else:
            self._column += 1
        if NUMBER.fullmatch(style := attributes.get("s", "")):
            self.styles[self._row - 1, self._column - 1] = int(style)


def facts_of(part: bytes) -> SheetFacts:
    """Return what a sheet says beyond its values. Raises ListTooLong, ListUnreadable."""
    facts = SheetFacts()
    _parse(part, facts.begin)
    return facts


def sheet_parts(parts: Mapping[str, bytes]) -> list[str]:
    """Return the names of the parts of the sheets, in the order of the sheets (ECMA-376, part 1, 18.2.20)."""
    targets: dict[str, str] = {}
    listed: list[str] = []

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            listed.append(targets.get(attributes.get("id", ""), ""))

    _parse(parts[RELATIONS], relation)
    _parse(parts[WORKBOOK], sheet)
    return [normpath(join("/xl", target)).removeprefix("/") for target in listed]


def hidden_sheets(workbook: bytes) -> set[int]:
    """Return the numbers (from 1) of the sheets that the person's program doesn't show (ECMA-376, part 1, 18.2.19)."""
    states: list[str] = []

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            states.append(attributes.get("state", ""))

    _parse(workbook, sheet)
    return {number for number, state in enumerate(states, 1) if state in HIDDEN_STATES}


def padding_styles(styles: bytes) -> dict[int, int]:
    """Return the cell styles whose number format pads with zeros: the style's number -> how many digits it shows."""
    formats: dict[str, int] = {}
    padding: dict[int, int] = {}
    seen: list[str] = []  # the cell styles so far, by the number of their format
    is_cell_style = False

    def begin(name: str, attributes: Attributes) -> None:
        nonlocal is_cell_style
        if name == "numFmt" and ZEROS.fullmatch(code := attributes.get("formatCode", "")):
            formats[attributes.get("numFmtId", "")] = len(code)
        elif name in ("cellStyleXfs", "cellXfs"):
            is_cell_style = name == "cellXfs"
        elif name == "xf" and is_cell_style:
            seen.append(attributes.get("numFmtId", ""))
            if digits := formats.get(seen[-1]):
                padding[len(seen) - 1] = digits

    if styles:
        _parse(styles, begin)
    return padding


def _parse(part: bytes, begin: Callable[[str, Attributes], None]) -> None:
    """Call `begin` for the start of each element, by names without prefixes. Raises ListUnreadable."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: begin(
        _local(name), {_local(each): value for each, value in attributes.items()}
    )
    parser.StartDoctypeDeclHandler = _refuse_declaration
    try:
        parser.Parse(part, True)  # noqa: FBT003 - the parser's own parameter, positional only
    except (expat.ExpatError, LookupError, ValueError):  # the latter two: an encoding that is none, or not read
        raise ListUnreadable(ListProblem.BROKEN) from None


def _refuse_declaration(*_: object) -> None:
    """Refuse what no program that writes workbooks declares."""
    raise ListUnreadable(ListProblem.BROKEN)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
