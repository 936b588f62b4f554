"""Spreadsheets that the chat sends, written in batches of rows. A cell is a text or a wall-clock time (naive)."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Protocol

Cell = str | datetime

# Beginnings of a text that spreadsheet programs read as a formula, with the wide forms of East Asian keyboards
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel doesn't read the file as UTF-8
MOMENT = "%Y-%m-%d %H:%M"
EXCEL_MOMENT = "yyyy-mm-dd hh:mm"
WIDTH = 22  # characters: a name, an address or a moment


class Spreadsheet(Protocol):
    """A spreadsheet being written."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""

    def finish(self) -> bytes:
        """Return the file; nothing can be added afterwards."""


class Csv:
    """Comma-separated values. A text that could be read as a formula gets an apostrophe before it."""

    def __init__(self, header: Sequence[str]) -> None:
        self._text = StringIO(BYTE_ORDER_MARK, newline="")
        self._text.seek(0, 2)
        self._writer = csv.writer(self._text)
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        self._writer.writerows([_written(cell) for cell in row] for row in rows)

    def finish(self) -> bytes:
        """Return the file in UTF-8."""
        return self._text.getvalue().encode()


class Xlsx:
    """An Excel workbook with one sheet. Every text stays a text: never a formula, a number or a link."""

    def __init__(self, header: Sequence[str]) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - takes half a second, which only exports need

        self._contents, self._row = BytesIO(), 0
        self._book = Workbook(self._contents, {"constant_memory": True})
        self._moment = self._book.add_format({"num_format": EXCEL_MOMENT, "align": "left"})
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(0, max(0, len(header) - 1), WIDTH)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_row(0, None, self._book.add_format({"bold": True}))
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        for row in rows:
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    self._sheet.write_datetime(self._row, column, cell, self._moment)
                else:
                    self._sheet.write_string(self._row, column, cell)
            self._row += 1

    def finish(self) -> bytes:
        """Return the file."""
        self._book.close()
        return self._contents.getvalue()


KINDS: Mapping[str, Callable[[Sequence[str]], Spreadsheet]] = {"csv": Csv, "xlsx": Xlsx}


def _written(cell: Cell) -> str:
    text = f"{cell:{MOMENT}}" if isinstance(cell, datetime) else cell
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
