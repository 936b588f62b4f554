"""A text of separated values as a grid."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from itertools import islice

from core.errors import ListTooLong
from core.rosters.grid import Grid, Line, lines_of

SEPARATORS = ("\t", ";", ",", "|")
DECLARED = re.compile(r'\A"?sep=(?P<separator>[^\r\n"])"?(?:\r\n|\r|\n)', re.IGNORECASE)  # Excel's first line
LOOKED_AT = 40  # rows
MOST_ADDRESSES = 10  # in a row of a table
MOST_BREAKS = 20  # within one cell


def separated(text: str, recognised: Callable[[Sequence[Line]], int]) -> Grid | None:
    """Split a text into cells by the separator of its header line; None if it isn't a table.

    `recognised` returns how many columns it knows in rows, which decides between separators. Raises ListTooLong.
    """
    if declared := DECLARED.match(text):
        return Grid(lines=_rows(text[declared.end() :], declared["separator"], first=2))
    ranked = [(_rank(text, separator, recognised), separator) for separator in SEPARATORS]
    (known, width), separator = max(ranked, key=lambda item: item[0])
    return Grid(lines=_rows(text, separator)) if known and width else None


def _rank(text: str, separator: str, recognised: Callable[[Sequence[Line]], int]) -> tuple[int, int]:
    """Return how many columns a separator gives that are recognised, and how many in all. Raises ListTooLong."""
    try:
        start = lines_of(islice(_reader(text[: LOOKED_AT * 1000], separator), LOOKED_AT))
    except ListTooLong:
        if max(line.count("@") for line in text.splitlines()) > MOST_ADDRESSES:
            return 0, 0  # people one after another on a long line
        raise
    return recognised(start), max((len(line.cells) for line in start), default=0)


def _rows(text: str, separator: str, first: int = 1) -> tuple[Line, ...]:
    found = lines_of(_reader(text, separator), first)
    if any(_swallows(cell, separator) for line in found for cell in line.cells):
        unquoted = csv.reader(StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
        return lines_of(unquoted, first)
    return found


def _swallows(cell: str, separator: str) -> bool:
    """Return whether a cell holds rows after a quotation mark that is never closed, or only by that of another one."""
    people = sum("@" in line and separator in line for line in cell.splitlines())
    return cell.count("\n") > MOST_BREAKS or people > 1


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=separator)
