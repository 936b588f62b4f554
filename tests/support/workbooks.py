"""Workbooks that tests send."""

from collections.abc import Sequence
from io import BytesIO

from xlsxwriter import Workbook


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with these rows in its sheets."""
    contents = BytesIO()
    with Workbook(contents) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return contents.getvalue()
