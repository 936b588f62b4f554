"""Spreadsheets that the chat sends, written some rows at a time. A cell is a text or a wall-clock time (naive)."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Protocol

Cell = str | datetime

# What makes a spreadsheet program take a text for a formula, the wide forms of East Asian keyboards among them
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
MOMENT = "%Y-%m-%d %H:%M"
EXCEL_MOMENT = "yyyy-mm-dd hh:mm"
WIDTH = 22  # characters: a name, an address or a moment


class Spreadsheet(Protocol):
    """A file in the making."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below those that are there."""

    def finish(self) -> bytes:
        """Give the file; nothing can be added any more."""


class Csv:
    """Comma-separated values. A text that a spreadsheet program would take for a formula begins with an apostrophe."""

    def __init__(self, header: Sequence[str]) -> None:
        self._text = StringIO(BYTE_ORDER_MARK, newline="")
        self._text.seek(0, 2)
        self._writer = csv.writer(self._text)
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below those that are there."""
        self._writer.writerows([_written(cell) for cell in row] for row in rows)

    def finish(self) -> bytes:
        """Give the file, in UTF-8."""
        return self._text.getvalue().encode()


class Xlsx:
    """An Excel workbook of one sheet. Every text is a text in it, never a formula, a number or a link."""

    def __init__(self, header: Sequence[str]) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - half a second that only exports need

        self._contents, self._row = BytesIO(), 0
        self._book = Workbook(self._contents, {"constant_memory": True})
        self._moment = self._book.add_format({"num_format": EXCEL_MOMENT, "align": "left"})
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(0, max(0, len(header) - 1), WIDTH)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_row(0, None, self._book.add_format({"bold": True}))
        self.add([header])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows below those that are there."""
        for row in rows:
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    self._sheet.write_datetime(self._row, column, cell, self._moment)
                else:
                    self._sheet.write_string(self._row, column, cell)
            self._row += 1

    def finish(self) -> bytes:
        """Give the file."""
        self._book.close()
        return self._contents.getvalue()


KINDS: Mapping[str, Callable[[Sequence[str]], Spreadsheet]] = {"csv": Csv, "xlsx": Xlsx}


def _written(cell: Cell) -> str:
    text = f"{cell:{MOMENT}}" if isinstance(cell, datetime) else cell
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
