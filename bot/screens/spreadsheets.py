"""Spreadsheets that the chat sends, written in batches of rows. A moment in a cell is wall-clock time (naive)."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # loaded when it is needed
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | datetime | date | time | Decimal

# OWASP, CSV injection: beginnings that spreadsheet programs read as a formula, with the forms of East Asian keyboards
FORMULA = "=+@＝＋－＠﹦﹢﹣﹫−\\-\t\r\n"
# What programs separate cells by. A person's program may use another one than the file, and ignore its quotes then.
SEPARATOR = ",;|\t\r\n\v\f\x85\u2028\u2029"
SKIPPED = r"[\s\"\x00-\x1f\u200b-\u200f\u2060\ufeff]*"  # quotes, and what programs trim
BEGINNING = re.compile(rf"\A(?={SKIPPED}[{FORMULA}])|(?<=[{SEPARATOR}])(?={SKIPPED}(?:[{FORMULA}]|\Z))")
HARMLESS = re.compile(r"\+[0-9]{4,15}|-?[0-9]+(?:\.[0-9]+)?")  # a phone number (E.164), a number

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel doesn't read the file as UTF-8
MOMENT, DAY, TIME_OF_DAY = "%Y-%m-%d %H:%M", "%Y-%m-%d", "%H:%M"
EXCEL_FORMATS: Mapping[type, str] = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd", time: "hh:mm"}
WIDTH = 22  # characters: a name, an address or a moment
NARROWEST, MOMENT_WIDTH, WIDEST = 9, 16, 40  # characters of a column that is as wide as what is in it
LARGEST = 50_000_000  # bytes that Telegram accepts from a bot


@dataclass(frozen=True, kw_only=True)
class Table:
    """A further sheet of a workbook."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


class Spreadsheet(Protocol):
    """A spreadsheet being written."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""

    def close(self, notes: Iterable[str]) -> bytes:
        """Append notes below the rows, each in a line, and return the file; nothing can be added afterwards."""


class Csv:
    """Comma-separated values, all in quotes; each line has as many as the header, since strict readers refuse others.

    Whichever separator the reading program assumes, no cell begins like a formula: an apostrophe is put before what
    would. Phone numbers and numbers are written as they are, for programs that import them.
    """

    def __init__(self, _name: str, header: Sequence[str]) -> None:
        self._contents = BytesIO()
        self._text = TextIOWrapper(self._contents, encoding="utf-8", newline="")  # a text may take four times that
        self._text.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL)
        self._columns = len(header)
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows; what a row lacks at its end is empty."""
        self._writer.writerows(_row([*row, *[""] * (self._columns - len(row))]) for row in rows)

    def close(self, notes: Iterable[str]) -> bytes:
        """Append notes, and return the file in UTF-8."""
        self.add([note] for note in notes)
        self._text.flush()
        return self._contents.getvalue()


class Workbook:
    """An Excel workbook, written sheet by sheet. Every text stays a text: never a formula, a number or a link."""

    def __init__(self) -> None:
        from xlsxwriter import Workbook as Book  # noqa: PLC0415 - takes half a second, which only exports need

        self._contents = BytesIO()
        self._book = Book(self._contents, {"constant_memory": True})
        self._bold = self._book.add_format({"bold": True})
        self._formats = {
            kind: self._book.add_format({"num_format": pattern, "align": "left"})
            for kind, pattern in EXCEL_FORMATS.items()
        }

    def sheet(self, name: str, header: Sequence[str]) -> "Sheet":
        """Add a sheet; finish the one before first."""
        return Sheet(self._book.add_worksheet(name), header, self._bold, self._formats)

    def finish(self) -> bytes:
        """Return the file."""
        self._book.close()
        return self._contents.getvalue()


class Sheet:
    """A sheet with a header that stays in sight."""

    def __init__(
        self, sheet: "Worksheet", header: Sequence[str], bold: "Format", formats: "Mapping[type, Format]"
    ) -> None:
        self._sheet, self._formats, self._row = sheet, formats, 0
        self._widths = [NARROWEST] * len(header)
        sheet.set_column(0, max(0, len(header) - 1), WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, None, bold)
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def arrange(self) -> None:
        """Make the columns as wide as what is in them, and let readers filter the rows so far."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(width + 3, WIDEST))  # with the button of the filter
        self._sheet.autofilter(0, 0, self._row - 1, len(self._widths) - 1)

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self._row, column, cell)
            width = len(cell)
        elif isinstance(cell, Decimal):
            self._write_number(column, cell)
            width = NARROWEST
        else:
            self._sheet.write_datetime(self._row, column, cell, self._formats[type(cell)])
            width = MOMENT_WIDTH
        self._widths[column] = max(self._widths[column], width)

    def _write_number(self, column: int, number: Decimal) -> None:
        """Write a number; one with more digits than Excel keeps (15) is written as a text."""
        if len(number.as_tuple().digits) > 15:  # noqa: PLR2004 - see above
            self._sheet.write_string(self._row, column, f"{number:f}")
        else:
            self._sheet.write_number(self._row, column, float(number))


class Xlsx:
    """An Excel workbook whose first sheet has this name."""

    def __init__(self, name: str, header: Sequence[str]) -> None:
        self._book = Workbook()
        self._sheet = self._book.sheet(name, header)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        self._sheet.add(rows)

    def close(self, notes: Iterable[str], further: Iterable[Table] = ()) -> bytes:
        """Arrange the rows, append notes below them and the further sheets, and return the file."""
        self._sheet.arrange()
        self._sheet.add([note] for note in notes)
        for table in further:
            sheet = self._book.sheet(table.name, table.header)
            sheet.add(table.rows)
            sheet.arrange()
        return self._book.finish()


KINDS: Mapping[str, Callable[[str, Sequence[str]], Spreadsheet]] = {"csv": Csv, "xlsx": Xlsx}


def _row(cells: Sequence[Cell]) -> list[str]:
    """Write a row. With another separator its first cell may be the whole line: then it isn't just a number."""
    written = [_written(cell) for cell in cells]
    return [*(_disarmed(text) for text in written[:1]), *written[1:]]


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if HARMLESS.fullmatch(cell) else _disarmed(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.strftime(MOMENT if isinstance(cell, datetime) else DAY if isinstance(cell, date) else TIME_OF_DAY)


def _disarmed(text: str) -> str:
    return BEGINNING.sub("'", text)
