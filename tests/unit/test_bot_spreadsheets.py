"""Spreadsheets: what is read back is what was written, and nothing in them is a formula."""

import csv
from datetime import datetime
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from bot.screens.spreadsheets import KINDS, Csv, Xlsx

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = ["=1+1", "+371 2000", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1", '=HYPERLINK("http://x")']
MOMENT = datetime(2026, 11, 23, 14, 5)  # noqa: DTZ001 - a wall clock's time


def cells(contents: bytes) -> list[ET.Element]:
    with ZipFile(BytesIO(contents)) as book:
        return list(ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SPREADSHEET}c"))  # noqa: S314 - ours


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_in_csv_opens_like_a_formula(text: str) -> None:
    file = Csv(["Name"])
    file.add([[text]])
    rows = list(csv.reader(StringIO(file.finish().decode("utf-8-sig"), newline="")))
    assert rows == [["Name"], [f"'{text}"]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_every_text_in_xlsx_is_a_text(text: str) -> None:
    file = Xlsx([text])
    file.add([[text]])
    found = cells(file.finish())
    assert [cell.get("t") for cell in found] == ["inlineStr", "inlineStr"]
    assert not any(cell.findall(f"{SPREADSHEET}f") for cell in found)


def test_csv_is_utf_8_that_excel_recognises_and_quotes_what_must_be_quoted() -> None:
    file = Csv(["Имя", "When"])
    file.add([['Anna "Ann", Bērziņa\nשלום 🎉', MOMENT]])
    assert file.finish() == ('\ufeffИмя,When\r\n"Anna ""Ann"", Bērziņa\nשלום 🎉",2026-11-23 14:05\r\n'.encode())


def test_xlsx_holds_moments_as_moments() -> None:
    file = Xlsx(["When"])
    file.add([[MOMENT]])
    _, moment = cells(file.finish())
    assert moment.get("t") is None
    assert float(moment.findtext(f"{SPREADSHEET}v") or 0) == pytest.approx(46349.586806, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_added_some_at_a_time(kind: str) -> None:
    file = KINDS[kind](["Name"])
    for batch in range(3):
        file.add([[f"{batch}-{place}"] for place in range(100)])
    contents = file.finish()
    written = contents.decode("utf-8-sig").splitlines() if kind == "csv" else cells(contents)
    assert len(written) == 301


@pytest.mark.parametrize("kind", KINDS)
def test_characters_that_xml_forbids_break_nothing(kind: str) -> None:
    file = KINDS[kind](["Name"])
    file.add([["a\x00\x0b\ufffe<b>&"]])
    assert file.finish()
