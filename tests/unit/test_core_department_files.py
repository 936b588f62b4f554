"""Files of departments as they really come, and what is read from them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.naming import DEEPEST, parse_path
from core.errors import ListProblem, ListTooLarge, ListTooLong, ListUnreadable
from core.rosters.departments import DepartmentFile, read_file
from tests.support.workbooks import workbook

SAMPLES = Path(__file__).parent.parent / "samples"
TREE = ("Sales", "Sales / EMEA", "Sales / EMEA / Riga", "Sales / APAC", "Support")


def read(text: str) -> DepartmentFile:
    return read_file(text.encode(), ["en"])


@pytest.mark.parametrize(
    "text",
    [
        "Sales\nSales / EMEA\nSales / EMEA / Riga\nSales / APAC\nSupport\n",
        "Department\r\nSales\r\n  EMEA\r\n    Riga\r\n  APAC\r\nSupport\r\n",
        '"Org Unit Path [Required]";\n"/Sales";\n"/Sales/EMEA";\n"/Sales/EMEA/Riga";\n"/Sales/APAC";\n"/Support";\n',
        "Division,Department,Team\nSales,,\nSales,EMEA,\nSales,EMEA,Riga\nSales,APAC,\nSupport,,\n",
        "Level 1;Level 2;Level 3\nSales;;\n;EMEA;\n;;Riga\n;APAC;\nSupport;;\n",
        "Уровень 1\tУровень 2\tУровень 3\nSales\n\tEMEA\n\t\tRiga\n\tAPAC\nSupport\n",
        "Sales,,\nSales,EMEA,\nSales,EMEA,Riga\nSales,APAC,\nSupport,,\n",
        "Name,Parent,Head count\nSales,,12\nEMEA,Sales,4\nRiga,EMEA,2\nAPAC,Sales,1\nSupport,,3\n",
        "Подразделение;Вышестоящее подразделение\nSales;Sales\nEMEA;Sales\nRiga;EMEA\nAPAC;Sales\nSupport;\n",
        "Departamento superior,Departamento\n,Sales\nSales,EMEA\nSales / EMEA,Riga\nSales,APAC\n,Support\n",
    ],
)
def test_paths_levels_and_parents_mean_the_same_tree(text: str) -> None:
    assert read(text).paths == TREE


def test_the_department_column_of_a_list_of_people_gives_each_department_once() -> None:
    found = read(
        "Name,Email,Department\nAnna,a@example.com,Sales\nIvan,i@example.com,Support\nOlga,o@example.com,Sales\n"
    )
    assert (found.paths, found.headers) == (("Sales", "Support"), ("Department",))


def test_merged_cells_of_a_workbook_hold_for_the_rows_that_they_cover_and_totals_are_left_out() -> None:
    found = read_file((SAMPLES / "8-departments-merged-levels.xlsx").read_bytes(), ["en"])
    assert found.paths == ("Sales / EMEA / Riga", "Sales / EMEA / Tallinn", "Sales / APAC", "Support")
    assert (found.sheet, found.headers, found.unread) == (2, ("Division", "Department", "Team"), (8,))


def test_a_workbook_is_read_by_the_sheet_with_most_departments_and_titles_above_the_header_are_passed_over() -> None:
    notes: list[list[object]] = [["Notes"], ["Ask Olivia"]]
    tree: list[list[object]] = [["Structure 2026"], [], ["Department", "Team", "Manager"], ["Sales", "EMEA", "Anna"]]
    found = read_file(workbook(notes, [*tree, ["", "APAC", "Ivan"], ["Support", "", "Olga"]]), ["en"])
    assert (found.sheet, found.headers, found.skipped) == (2, ("Department", "Team"), (1,))
    assert found.paths == ("Sales / EMEA", "Sales / APAC", "Support")


def test_rows_that_hold_no_path_are_named_and_the_others_are_read() -> None:
    found = read("Department,Parent\nSales,\nA | B,Sales\nHen,Egg\nEgg,Hen\n" + "x" * 201 + ",\n,Sales\n")
    assert (found.paths, found.unread) == (("Sales",), (3, 4, 5, 6, 7))


def test_a_chain_deeper_than_a_path_can_be_is_left_unread_without_following_it_to_its_end() -> None:
    rows = [f"D{number},D{number - 1}" for number in range(1, 10_000)]
    found = read("\n".join(["Department,Parent", "D0,", *rows]))
    assert found.paths[-1].count("/") == DEEPEST - 1
    assert len(found.paths) == DEEPEST
    assert len(found.unread) == 10_000 - DEEPEST


@pytest.mark.parametrize(
    "text",
    [
        "Sales,Team,\nSales,EMEA,Riga\nSupport,Area,\n",
        "Sales,,\n,Team,\nTeam,,\n,Area,\n",
        "Sales / EMEA\nTeam\nУправление\n",
    ],
)
def test_a_department_that_is_called_as_a_header_is_a_department(text: str) -> None:
    found = read(text)
    assert len(found.paths) == len(text.splitlines())
    assert (found.headers, found.skipped, found.unread) == ((), (), ())


def test_a_workbook_s_department_that_is_called_as_a_header_is_a_department() -> None:
    found = read_file(workbook([["Продажи"], ["Управление"], ["Area"]]), ["ru"])
    assert found.paths == ("Продажи", "Управление", "Area")


@pytest.mark.parametrize(
    "header",
    [
        "Department,Team,Head of team,Cost center,Employee ID,№",
        "Отдел,Управление,Руководитель,Численность,Код отдела,Комментарий",
        "Departamento,Área,Responsable,N.º de empleados,Código,Teléfono",
    ],
)
def test_what_lists_of_departments_have_besides_is_known_as_a_header(header: str) -> None:
    found = read(f"{header}\nSales,EMEA,Anna,7,1,2\n,APAC,Ivan,8,2,3\n")
    assert found.paths == ("Sales / EMEA", "Sales / APAC")


@pytest.mark.parametrize(
    ("text", "paths", "split"),
    [
        ("Level 1,Level 2\nSales,R&D/QA\nSales,Support\n", ("Sales / R&D / QA", "Sales / Support"), (2,)),
        ("Department,Parent\nR&D/QA,Sales\nSales,\n", ("Sales / R&D / QA", "Sales"), (2,)),
        ("Department\nSales/EMEA\n", ("Sales/EMEA",), ()),
        ("Level 1,Level 2\n/Sales/,EMEA\n", ("Sales / EMEA",), ()),
    ],
)
def test_rows_are_named_in_which_a_slash_makes_levels_of_a_name(
    text: str, paths: tuple[str, ...], split: tuple[int, ...]
) -> None:
    assert (read(text).paths, read(text).split) == (paths, split)


def test_what_stands_below_a_name_that_several_departments_have_is_unread() -> None:
    found = read("Department,Parent\nSales,\nHelp,\nTeam A,Sales\nTeam A,Help\nBoris,Team A\nIvan,Help / Team A\n")
    assert found.paths == ("Sales", "Help", "Sales / Team A", "Help / Team A", "Help / Team A / Ivan")
    assert found.unread == (6,)


def test_quotes_in_a_name_are_kept_and_those_around_a_cell_are_not() -> None:
    found = read('Department\nООО "Ромашка"\n"ООО ""Лютик"""\n"Sales"\n  "EMEA"\n')
    assert found.paths == ('ООО "Ромашка"', 'ООО "Лютик"', "Sales", "Sales / EMEA")


def test_a_list_in_an_encoding_of_windows_is_read_in_the_account_s_language() -> None:
    found = read_file((SAMPLES / "9-departments-ru-cp1251-parents.csv").read_bytes(), ["ru"])
    assert found.paths == ("Продажи", "Продажи / Складской учёт", "Поддержка")


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (b"", ListProblem.NO_DEPARTMENTS),
        (b"Department\n", ListProblem.NO_DEPARTMENTS),
        (b"PK\x03\x04 damaged", ListProblem.BROKEN),
        (b"%PDF-1.7", ListProblem.OTHER_FORMAT),
        (b"<html><table>", ListProblem.WEB_PAGE),
    ],
)
def test_what_holds_no_departments_is_refused_with_the_reason(contents: bytes, problem: ListProblem) -> None:
    with pytest.raises(ListUnreadable) as refused:
        read_file(contents, ["en"])
    assert refused.value.problem is problem


CELLS = st.text('ab/|é \n;,"', max_size=4)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_whatever_is_read_is_paths_that_can_be_typed_each_once(rows: list[list[str]], separator: str) -> None:
    try:
        found = read("\n".join(separator.join(row) for row in rows))
    except (ListUnreadable, ListTooLong, ListTooLarge):
        return
    assert len(set(found.paths)) == len(found.paths) > 0
    assert all(parse_path(path) for path in found.paths)
