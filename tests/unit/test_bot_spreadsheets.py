"""Spreadsheets: what is read back is what was written, and nothing in them is a formula."""

import csv
import itertools
import re
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.screens.spreadsheets import KINDS, Csv, Xlsx

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = ["=1+1", "+371 2000", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1", '=HYPERLINK("http://x")']
MOMENT = datetime(2026, 11, 23, 14, 5)  # noqa: DTZ001 - a wall clock's time

FORMULA = set("=+-@＝＋－＠")
PLAIN = re.compile(r"\+[0-9]+|-?[0-9]+(\.[0-9]+)?")  # a phone number or a number: its value is what is seen
TRICKY = st.text(st.sampled_from("=+-@＝＋－＠;,\t\r\n\"' aя1|\u2028\ufeff"), max_size=12)


def cells(contents: bytes) -> list[ET.Element]:
    with ZipFile(BytesIO(contents)) as book:
        return list(ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SPREADSHEET}c"))  # noqa: S314 - ours


def read(contents: bytes, separator: str) -> list[list[str]]:
    return list(csv.reader(StringIO(contents.decode("utf-8-sig"), newline=""), delimiter=separator))


def test_each_line_of_csv_has_all_columns() -> None:
    file = Csv("", ["Name", "Course", "Progress"])
    file.add([["Anna", "Welcome", "done"], ["Janis"]])
    assert read(file.close(["2 are hidden."]), ",")[1:] == [
        ["Anna", "Welcome", "done"],
        ["Janis", "", ""],
        ["2 are hidden.", "", ""],
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_in_csv_opens_like_a_formula(text: str) -> None:
    file = Csv("", ["Name"])
    file.add([[text]])
    [[header], [cell]] = read(file.close([]), ",")
    assert (header, cell[0], cell.replace("'", "")) == ("Name", "'", text.replace("'", ""))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@example(rows=[["-1", "=1"], ["+37120000000", ";"], ['x;"', '"=1'], ['x";"=1', ""]])
@given(rows=st.lists(st.lists(TRICKY | st.text(max_size=12), min_size=1, max_size=4), max_size=4))
def test_no_cell_opens_like_a_formula_whichever_separator_the_program_assumes(
    separator: str, rows: list[list[str]]
) -> None:
    file = Csv("", ["x;=1", "Name"])
    file.add(rows)
    for cell in itertools.chain.from_iterable(read(file.close([]), separator)):
        trimmed = cell.lstrip(" \t\r\n")
        assert trimmed[:1] not in FORMULA or PLAIN.fullmatch(cell), cell


@given(rows=st.lists(st.lists(TRICKY | st.text(max_size=12), min_size=1, max_size=4), max_size=4))
def test_csv_adds_nothing_but_apostrophes(rows: list[list[str]]) -> None:
    file = Csv("", ["Name"])
    file.add(rows)
    found = read(file.close([]), ",")[1:]
    assert [[cell.replace("'", "") for cell in row] for row in found] == [
        [cell.replace("'", "") for cell in row] for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        ('x";"=1', 'x";\'"=1'),
        ("x\t=1", "x\t'=1"),
        ("+37120000000", "+37120000000"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("+37120000000,=1", "'+37120000000,'=1"),
        ("Sales - EMEA", "Sales - EMEA"),
        ("anna-maria@example.com", "anna-maria@example.com"),
        ("", ""),
    ],
)
def test_what_is_no_formula_is_written_as_it_is(text: str, written: str) -> None:
    file = Csv("", ["Name", "Value"])
    file.add([["Anna", text]])
    assert read(file.close([]), ",")[1] == ["Anna", written]


def test_csv_writes_dates_times_and_numbers_plainly() -> None:
    file = Csv("", ["Name"])
    file.add([[date(2026, 12, 31), time(9, 30), Decimal("-12.50"), Decimal(2)], [Decimal(-1)]])
    assert file.close([]).decode().splitlines()[1:] == ['"2026-12-31","09:30","-12.50","2"', '"\'-1"']


@pytest.mark.parametrize("text", DANGEROUS)
def test_every_text_in_xlsx_is_a_text(text: str) -> None:
    file = Xlsx("Sheet", [text])
    file.add([[text]])
    found = cells(file.close([]))
    assert [cell.get("t") for cell in found] == ["inlineStr", "inlineStr"]
    assert not any(cell.findall(f"{SPREADSHEET}f") for cell in found)


def test_csv_is_utf_8_that_excel_recognises_with_everything_in_quotes() -> None:
    file = Csv("", ["Имя", "When"])
    file.add([['Anna "Ann", Bērziņa\nשלום 🎉', MOMENT]])
    assert file.close([]) == ('\ufeff"Имя","When"\r\n"Anna ""Ann"", Bērziņa\nשלום 🎉","2026-11-23 14:05"\r\n'.encode())


def test_xlsx_holds_moments_as_moments() -> None:
    file = Xlsx("Sheet", ["When"])
    file.add([[MOMENT]])
    _, moment = cells(file.close([]))
    assert moment.get("t") is None
    assert float(moment.findtext(f"{SPREADSHEET}v") or 0) == pytest.approx(46349.586806, abs=1e-6)


def test_xlsx_holds_numbers_dates_and_times_as_such() -> None:
    file = Xlsx("Sheet", ["Value"])
    file.add(
        [[Decimal("-12.5")], [date(2026, 12, 31)], [time(9, 30)], ["+37120000000"], [Decimal("1234567890123456.5")]]
    )
    _, number, day, at, phone, long = cells(file.close([]))
    values = [float(cell.findtext(f"{SPREADSHEET}v") or 0) for cell in (number, day, at)]
    assert values == pytest.approx([-12.5, 46387, 0.395833], abs=1e-6)
    assert [cell.get("t") for cell in (number, day, at, phone, long)] == [None, None, None, "inlineStr", "inlineStr"]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_added_some_at_a_time(kind: str) -> None:
    file = KINDS[kind]("People", ["Name"])
    for batch in range(3):
        file.add([[f"{batch}-{place}"] for place in range(100)])
    contents = file.close([])
    written = contents.decode("utf-8-sig").splitlines() if kind == "csv" else cells(contents)
    assert len(written) == 301


@pytest.mark.parametrize("kind", KINDS)
def test_characters_that_xml_forbids_break_nothing(kind: str) -> None:
    file = KINDS[kind]("People", ["Name"])
    file.add([["a\x00\x0b\ufffe<b>&"]])
    assert file.close([])


def test_a_workbook_names_its_sheet_and_lets_readers_filter_the_rows_but_not_the_notes() -> None:
    file = Xlsx("Ученики", ["Name", "When"])
    file.add([["Anna Berzina of the long name", MOMENT], ["Janis", MOMENT]])
    contents = file.close(["2 learners are hidden from you, for reasons that make a line as long as any"])
    with ZipFile(BytesIO(contents)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert 'name="Ученики"' in book.read("xl/workbook.xml").decode()
    assert '<autoFilter ref="A1:B3"/>' in sheet
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', sheet)]
    assert len(widths) == 2
    assert 29 < widths[0] < 40, "as wide as the names, not the note"
    assert len(cells(contents)) == 7
