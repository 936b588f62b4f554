"""What a file holds, told by its contents and not its name: the sheets of a workbook, or a text."""

import re
from collections.abc import Iterable, Sequence

from core.errors import ListProblem, ListTooLarge, ListUnreadable
from core.rosters import encodings, workbooks
from core.rosters.grid import LARGEST, Grid

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # an XLSX file; an XLS file, or an XLSX file with a password
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
WEB_PAGE = re.compile(rb"\A[\s\xef\xbb\xbf]*<(!doctype html|html|table|meta|head|\?xml)", re.IGNORECASE)


def opened(contents: bytes, languages: Iterable[str]) -> Sequence[Grid] | str:
    """Return the sheets of a workbook, or the text of any other file; `languages` (ISO 639) are the account's.

    Raises ListTooLarge, ListTooLong, ListUnreadable.
    """
    if len(contents) > LARGEST:
        raise ListTooLarge(LARGEST)
    if contents.startswith(ZIP):
        return list(workbooks.sheets(contents))
    if contents.startswith(OLE):
        raise ListUnreadable(ListProblem.OLD_WORKBOOK)
    if WEB_PAGE.match(contents):
        raise ListUnreadable(ListProblem.WEB_PAGE)
    if contents.startswith(OTHERS):
        raise ListUnreadable(ListProblem.OTHER_FORMAT)
    return encodings.decoded(contents, languages)
