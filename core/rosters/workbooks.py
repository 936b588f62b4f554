"""A workbook (XLSX) as grids. What it would unpack to is bounded before any of it is parsed."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from core.errors import ListProblem, ListTooLarge, ListUnreadable
from core.rosters.grid import LARGEST, Grid, lines_of
from core.rosters.workbook_parts import (
    RELATIONS,
    STYLES,
    WORKBOOK,
    facts_of,
    hidden_sheets,
    padding_styles,
    sheet_parts,
)

UNPACKED = 6 * LARGEST  # bytes; 10,000 rows of 20 cells are a third of it
MOST_PARTS = 1000
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|styles|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml"
)

Value = int | float | str | bool | time | date | datetime | timedelta


def sheets(contents: bytes) -> Iterator[Grid]:
    """Return the grids of a workbook's sheets. Raises ListUnreadable, ListTooLarge, ListTooLong."""
    parts = _unpacked(contents)
    names = sheet_parts(parts)
    if any(name not in parts for name in names):
        raise ListUnreadable(ListProblem.BROKEN)
    facts = [facts_of(parts[name]) for name in names]
    hidden, padding = hidden_sheets(parts[WORKBOOK]), padding_styles(parts.get(STYLES, b""))
    for number, (name, rows) in enumerate(_values(_repacked(parts, names)), 1):
        known = facts[number - 1]
        texts = [
            [_text(value, padding.get(known.styles.get((row, column), -1), 0)) for column, value in enumerate(cells)]
            for row, cells in enumerate(rows)
        ]
        yield Grid(
            lines=lines_of(texts),
            sheet=number,
            sheet_name=name,
            hidden=frozenset(known.hidden),
            is_hidden_sheet=number in hidden,
        )


def _unpacked(contents: bytes) -> dict[str, bytes]:
    """Unpack the parts that hold cells. What comes out is counted, because an archive may lie about its sizes."""
    parts: dict[str, bytes] = {}
    room = UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise ListTooLarge(LARGEST)
            for each in archive.infolist():
                if NEEDED.fullmatch(each.filename):
                    with archive.open(each) as part:
                        parts[each.filename] = part.read(room + 1)
                    room -= len(parts[each.filename])
                if room < 0:
                    raise ListTooLarge(LARGEST)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise ListUnreadable(ListProblem.BROKEN) from None
    if WORKBOOK not in parts or RELATIONS not in parts:
        raise ListUnreadable(ListProblem.OTHER_FORMAT)
    return parts


def _repacked(parts: Mapping[str, bytes], names: Sequence[str]) -> bytes:
    """Pack what was unpacked and checked, so that the library reads nothing else."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            if name in names or not name.startswith("xl/worksheets/"):
                archive.writestr(name, part)
    return packed.getvalue()


def _values(packed: bytes) -> Iterator[tuple[str, Sequence[Sequence[Value]]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only workbooks need it

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(packed))
        for place, name in enumerate(workbook.sheet_names):
            yield name, workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise ListUnreadable(ListProblem.BROKEN) from None


def _text(value: Value, digits: int) -> str:
    """Write a value as its program shows it; a whole number without a point or an exponent."""
    if isinstance(value, float) and value.is_integer():
        return f"{int(value):0{digits}d}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)
