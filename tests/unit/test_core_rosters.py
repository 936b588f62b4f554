"""Lists of people as they really come, and what is read from them."""

import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import starmap
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from core.errors import ListProblem, ListTooLarge, ListTooLong, ListUnreadable
from core.rosters.columns import UniqueField
from core.rosters.grid import LARGEST, MOST_ROWS
from core.rosters.header_words import Meaning
from core.rosters.people_lists import PeopleList
from core.rosters.person_values import Expectations
from core.rosters.reading import read_file, read_text
from tests.support.workbooks import workbook

SAMPLES = Path(__file__).parent.parent / "samples"
GOOGLE = "1-google-workspace-download.csv"
RUSSIAN = "2-excel-ru-cp1251-semicolons.csv"
PASTED = "5-pasted-addresses.txt"
ADDRESSES = "6-addresses-only-no-header-cr.csv"
WORKBOOK = "7-personnel-office-titles-two-sheets.xlsx"
LATVIAN = Expectations(languages=("en", "lv"), region="LV")
REFUSED = (ListTooLarge, ListTooLong, ListUnreadable)


def sample(name: str, expected: Expectations = LATVIAN) -> PeopleList:
    return read_file((SAMPLES / name).read_bytes(), expected)


def addresses(found: PeopleList) -> list[str]:
    return [person.email for person in found.people]


def names(found: PeopleList) -> list[str]:
    return [f"{person.first_name} {person.last_name}".strip() for person in found.people]


def repacked(contents: bytes, name: str, part: bytes) -> bytes:
    """The workbook with another part in it."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(contents)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, part if each == name else old.read(each))
    return changed.getvalue()


def test_a_download_from_google_gives_four_addresses_one_suspended_and_one_row_that_repeats_another() -> None:
    found = sample(GOOGLE)
    assert addresses(found) == [
        "anna.example@example.com",
        "juris.sample@example.com",
        "marta.test@example.com",
        "kim.o'sample+hr@example.com",
    ]
    assert names(found)[1] == "Juris Example-Sample, Jr."
    assert [person.row for person in found.people if person.suspended] == [4]
    assert [person.phone for person in found.people] == ["+37100000001", "", "+37100000003", ""]
    assert (found.repeated, found.unread) == ((5,), ())


@pytest.mark.parametrize("expected", [Expectations(languages=("ru",), region="RU"), LATVIAN])
def test_a_russian_list_gives_two_addresses_two_rows_without_and_one_repetition(expected: Expectations) -> None:
    found = sample(RUSSIAN, expected)
    assert found.with_address == 2
    assert names(found)[:2] == ["Алёна Пример", "Пётр Образцов"]
    without = {each.row for each in found.unread} | {each.row for each in found.people if not each.email}
    with_address = {each.row for each in found.people if each.email} | set(found.repeated)
    assert sorted(without - with_address) == [4, 5]
    assert found.repeated == (6,)


def test_whoever_has_no_address_is_matched_by_a_phone_number_or_by_a_unique_field() -> None:
    badge = UniqueField(field_id=4, label="Табельный номер")
    found = sample(RUSSIAN, Expectations(languages=("ru",), region="RU", fields=(badge,)))
    assert [(each.phone, dict(each.unique)) for each in found.people if not each.email] == [
        ("", {4: "7"}),
        ("+79000000004", {4: "000126"}),
    ]
    assert not found.unread


def test_pasted_addresses_give_thirteen_once_each_and_name_four_pieces_that_are_none() -> None:
    found = sample(PASTED)
    assert len(found.people) == 13
    assert names(found)[:2] == ["Anna Example", "Juris Sample"]
    assert names(found)[3] == "Kim Sample"
    assert "иван@пример.рф" in addresses(found)
    assert [each.text for each in found.unread] == [
        "https://example.com/people/not-an-address",
        "@handle",
        "no.at.sign.example.com",
        "two@@example.com",
    ]


def test_addresses_without_a_header_give_seven_and_two_repetitions_and_two_rows_that_are_none() -> None:
    found = sample(ADDRESSES)
    assert len(found.people) == 7
    assert len(found.repeated) == 2
    assert [(each.row, each.text) for each in found.unread] == [(5, "N/A"), (8, "-")]


def test_a_workbook_gives_the_four_addresses_of_its_second_sheet_and_says_which_row_is_hidden() -> None:
    found = sample(WORKBOOK, Expectations(region="LV", fields=(UniqueField(field_id=3, label="Personnel no"),)))
    assert (found.sheet, found.sheet_name) == (2, "Staff 2026-11")
    assert addresses(found) == ["anna.berzina@example.com", "juris@example.com", "john@example.com", "eva@example.com"]
    assert names(found)[0] == "Anna Bērziņa-Parauga"
    assert [person.unique[3] for person in found.people] == ["00123", "00124", "00125", "00127"]
    assert found.people[0].phone == "+37120000021"
    assert found.hidden == (7,)
    assert [(each.row, each.text, each.is_phone) for each in found.unread] == [(7, "89000000001", True)]


@pytest.mark.parametrize("state", ["hide", "very_hidden"])
def test_a_sheet_that_a_program_does_not_show_is_read_and_said_to_be_hidden(state: str) -> None:
    contents = BytesIO()
    with Workbook(contents) as book:
        book.add_worksheet().write(0, 0, "Nobody")
        hidden = book.add_worksheet()
        hidden.write_row(0, 0, ["Email"])
        hidden.write_row(1, 0, ["anna@example.com"])
        getattr(hidden, state)()
    found = read_file(contents.getvalue(), LATVIAN)
    assert (addresses(found), found.sheet, found.is_hidden_sheet) == (["anna@example.com"], 2, True)
    assert not sample(WORKBOOK).is_hidden_sheet


def test_the_other_sheets_with_people_are_told_beside_the_one_that_is_read() -> None:
    one = [["Name", "Email"], ["Ann", "ann@example.com"], ["Ann", "ann@example.com"]]
    two = [["Name", "Email"], ["Bob", "bob@example.com"], ["Cid", "cid@example.com"]]
    found = read_file(workbook(one, [["Remarks"]], two), LATVIAN)
    assert (found.sheet, addresses(found)) == (3, ["bob@example.com", "cid@example.com"])
    assert [(each.sheet, each.sheet_name, each.rows) for each in found.beside] == [(1, "Sheet1", 2)]
    assert not sample(WORKBOOK).beside


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "E-mail\tVārds\nanna@example.com\tAnna\n"),
        ("utf-16", "E-mail\tVārds\nanna@example.com\tAnna\n"),
        ("utf-8", "sep=|\nE-mail|Vārds\nanna@example.com|Anna\n"),
        ("utf-8", 'E-mail,Vārds,Note\nanna@example.com,Anna,"two\nlines, and a comma"\n'),
        ("cp1257", "E-mail;Vārds\nanna@example.com;Anna\n"),
    ],
)
def test_other_encodings_and_separators_are_recognised(encoding: str, text: str) -> None:
    found = read_file(text.encode(encoding), LATVIAN)
    assert (addresses(found), names(found)) == (["anna@example.com"], ["Anna"])


@pytest.mark.parametrize(
    ("language", "encoding", "name"),
    [("es", "cp1252", "Íñigo Peña"), ("lv", "cp1257", "Ģirts Bērziņš"), ("ru", "cp1251", "Алёна Жукова")],
)
def test_an_old_encoding_is_told_by_the_letters_of_the_accounts_language(
    language: str, encoding: str, name: str
) -> None:
    found = read_file(f"Name;E-mail\n{name};a@example.com\n".encode(encoding), Expectations(languages=(language,)))
    assert names(found) == [name]


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        (
            "Vorname;Nachname;E-Mail-Adresse;Telefon",
            [Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.EMAIL, Meaning.PHONE],
        ),
        ("Nombre;Apellidos;Correo electrónico", [Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.EMAIL]),
        ("Uzvārds;Vārds;E-pasts;Tālrunis", [Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.EMAIL, Meaning.PHONE]),
        ("ФИО;Личная почта", [Meaning.SURNAME_FIRST, Meaning.EMAIL]),
        ("Nom;Prénom;Courriel", [Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.EMAIL]),
        ("Nom;Courriel", [Meaning.FULL_NAME, Meaning.EMAIL]),
        ("Nom et prénom;Courriel", [Meaning.SURNAME_FIRST, Meaning.EMAIL]),
        ("Name;Vorname;E-Mail", [Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.EMAIL]),
        ("Surname;Contact", [Meaning.LAST_NAME, Meaning.EMAIL]),  # by its cells
    ],
)
def test_headers_of_six_languages_are_understood(header: str, meanings: list[Meaning]) -> None:
    cells = ["a@example.com" if meaning is Meaning.EMAIL else "Anna" for meaning in meanings]
    found = read_text(f"{header}\n{';'.join(cells)}\n", LATVIAN)
    assert [column.meaning for column in found.columns] == meanings


def test_a_name_beside_a_first_name_is_the_last_name() -> None:
    found = read_text("Nom,Prénom,Courriel\nDupont,Marie,marie@example.com\n", LATVIAN)
    assert [(each.first_name, each.last_name) for each in found.people] == [("Marie", "Dupont")]


def test_a_table_without_a_header_is_read_by_the_column_of_addresses() -> None:
    found = read_text("Anna\tOzola\tanna@example.com\nJānis\tKalns\tjanis@example.com", LATVIAN)
    assert names(found) == ["Anna Ozola", "Jānis Kalns"]


@pytest.mark.parametrize(
    "text",
    [
        "Zoe Smith, +371 2000 0001, zoe@example.com",
        "Zoe Smith zoe@example.com +37120000001",
        "Zoe Smith <zoe@example.com>; tel. 2000 0001",
    ],
)
def test_a_phone_number_beside_one_address_is_that_persons(text: str) -> None:
    [person] = read_text(text, LATVIAN).people
    assert (person.first_name, person.last_name, person.email, person.phone) == (
        "Zoe",
        "Smith",
        "zoe@example.com",
        "+37120000001",
    )


def test_a_phone_number_beside_several_addresses_is_said_to_be_unread() -> None:
    found = read_text("zoe@example.com, +37120000001, 20000002@example.com", LATVIAN)
    assert [(each.first_name, each.email, each.phone) for each in found.people] == [
        ("", "zoe@example.com", ""),
        ("", "20000002@example.com", ""),
    ]
    assert [each.text for each in found.unread] == ["+37120000001"]


def test_names_with_phone_numbers_are_people_too() -> None:
    found = read_text("Anna Ozola +371 2000 0021\nJānis Kalns", LATVIAN)
    assert [(each.first_name, each.phone) for each in found.people] == [("Anna", "+37120000021")]
    assert [(each.row, each.text) for each in found.unread] == [(2, "Jānis Kalns")]


def test_lines_with_phone_numbers_among_lines_with_addresses_take_no_names_away() -> None:
    text = "Ann Bee, ann@example.com\nBob Cee, bob@example.com\nCid Dee +37129999991\nDan Eel, +371 2999 9992"
    found = read_text(text, LATVIAN)
    assert [(each.first_name, each.last_name, each.email, each.phone) for each in found.people] == [
        ("Ann", "Bee", "ann@example.com", ""),
        ("Bob", "Cee", "bob@example.com", ""),
        ("Cid", "Dee", "", "+37129999991"),
        ("Dan", "Eel", "", "+37129999992"),
    ]
    assert not found.unread


def test_a_phone_number_within_a_cell_of_names_is_that_persons() -> None:
    found = read_text("Ann Bee, ann@example.com\nBob Cee +37129999991, bob@example.com", LATVIAN)
    assert names(found) == ["Ann Bee", "Bob Cee"]
    assert [each.phone for each in found.people] == ["", "+37129999991"]


def test_a_few_names_with_digits_take_no_names_away() -> None:
    found = read_text("Ann Bee, ann@example.com\nBob Cee 2, bob@example.com", LATVIAN)
    assert names(found) == ["Ann Bee", "Bob Cee 2"]


@pytest.mark.parametrize(
    "text", ["A 1, a@example.com\nB 2, b@example.com\nCid Dee", "No,Name,Email\n1,Ann,ann@example.com\nCid Dee"]
)
def test_a_name_alone_outside_of_the_columns_is_named(text: str) -> None:
    assert [(each.row, each.text) for each in read_text(text, LATVIAN).unread] == [(3, "Cid Dee")]


def test_a_phone_number_in_the_column_of_addresses_is_that_persons() -> None:
    found = read_text("Name,Email\nAnn,ann@example.com\nCid Dee,+37129999991", LATVIAN)
    assert [(each.first_name, each.phone) for each in found.people] == [("Ann", ""), ("Cid", "+37129999991")]


def test_several_people_with_phone_numbers_may_stand_on_one_line() -> None:
    found = read_text("Ann Bee +37129999991, +37129999992; Bob Cee (+37129999993)", LATVIAN)
    assert [(each.first_name, each.last_name, each.phone) for each in found.people] == [
        ("Ann", "Bee", "+37129999991"),
        ("Bob", "Cee", "+37129999993"),
    ]


@pytest.mark.parametrize("separator", [", ", "; ", " ", ","])
def test_a_list_on_one_line_is_read_to_its_end(separator: str) -> None:
    written = [f"person{number}@example.com" for number in range(250)]
    assert addresses(read_text(separator.join(written), LATVIAN)) == written


def test_a_quotation_mark_that_is_closed_by_that_of_another_row_swallows_no_rows() -> None:
    found = read_text('Name,Email\n"Ann,ann@example.com\nBob,bob@example.com\n"Cid,cid@example.com', LATVIAN)
    assert addresses(found) == ["ann@example.com", "bob@example.com", "cid@example.com"]


@pytest.mark.parametrize("written", ["9161234567", "9000000004", "8 (916) 765-43-21"])
@pytest.mark.parametrize("text", ["Name,Phone\nAnn Bee,{}", "Ann Bee, ann@example.com\nCid Dee, {}", "\nCid Dee {}"])
def test_a_phone_number_that_is_none_of_the_region_is_named_instead_of_changed(text: str, written: str) -> None:
    found = read_text(text.format(written), LATVIAN)
    assert [each.phone for each in found.people if not each.email] == []
    [unread] = found.unread
    assert (unread.row, unread.is_phone, written in unread.text) == (2, True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Name,Email,Phone\nAnn Bee,ann@example.com,8 (916) 765-43-21",
        "\nAnn Bee, ann@example.com, 8 (916) 765-43-21",
        "Bob, bob@example.com, +37129999991\nAnn Bee, ann@example.com, 8 (916) 765-43-21",
    ],
)
def test_a_phone_number_that_is_not_understood_is_named_beside_the_address_that_stands_for_it(text: str) -> None:
    found = read_text(text, LATVIAN)
    assert [(each.first_name, each.email, each.phone) for each in found.people][-1] == ("Ann", "ann@example.com", "")
    assert [(each.row, each.text, each.is_phone) for each in found.unread] == [(2, "8 (916) 765-43-21", True)]


@pytest.mark.parametrize(("written", "read"), [("37120000021", "+37120000021"), ("9000000004", "")])
def test_a_plus_sign_is_put_back_without_a_region_only_where_that_gives_a_valid_number(written: str, read: str) -> None:
    found = read_text(f"Name,Email,Phone\nAnn,ann@example.com,{written}", Expectations())
    assert [each.phone for each in found.people] == [read]


def test_a_file_of_phone_numbers_that_are_not_understood_is_read_to_say_which() -> None:
    assert [each.is_phone for each in read_file(b"Name;Phone\nAnna;9161234567\n", LATVIAN).unread] == [True]


def test_people_of_different_names_with_one_phone_number_are_different_people() -> None:
    text = "Carl Shared +371 2000 0021\nDana Shared +371 2000 0021\nshared, CARL +371 2000 0021\n+371 2000 0021"
    found = read_text(text, LATVIAN)
    assert [each.first_name for each in found.people] == ["Carl", "Dana"]
    assert len({each.identity for each in found.people}) == 2
    assert found.repeated == (3, 4)


def test_one_person_of_a_phone_number_stays_known_by_it_alone() -> None:
    found = read_text("Carl Shared +371 2000 0021\n+371 2000 0021", LATVIAN)
    assert [each.identity for each in found.people] == ["phone:+37120000021"]
    assert found.repeated == (2,)


@pytest.mark.parametrize(
    ("text", "people", "unread"),
    [
        (
            "Jane Doe, jane@example.com\nJohn Roe; john@example.com\nPoe, Ann; ann@example.com",
            [("Jane", "Doe"), ("John", "Roe"), ("Ann", "Poe")],
            [],
        ),
        ("Poe, Ann <ann@example.com>; Doe, Jane <jane@example.com>", [("Ann", "Poe"), ("Jane", "Doe")], []),
        ("1, Jane Doe <jane@example.com>; 2, John <john@example.com>", [("Jane", "Doe"), ("John", "")], []),
        ("To: Sales, Jane Doe <jane@example.com>", [("Jane", "Doe")], []),
        ("Hi, Jane <jane@example.com>", [("Jane", "")], []),
        ("Cc: Team Riga; Ann Poe <ann@example.com>, bo@example.com", [("Ann", "Poe"), ("", "")], []),
        ("Name;Email;\nAnn Poe;ann@example.com;\n;;bo@example.com", [("Ann", "Poe")], ["bo@example.com"]),
    ],
)
def test_no_row_is_lost_whatever_separates_names_and_addresses(
    text: str, people: list[tuple[str, str]], unread: list[str]
) -> None:
    found = read_text(text, LATVIAN)
    assert [(each.first_name, each.last_name) for each in found.people] == people
    assert [each.text for each in found.unread] == unread


PERSON = st.tuples(st.sampled_from(["Ann Bee", "Bob", "Cee, Dan", "Eve Fay 2", "Иван Петров"]), st.integers(1000, 9999))
WRITTEN = st.sampled_from(
    [
        "{name}, {address}",
        "{name} <{address}>",
        "{address} {name}",
        "{name} {phone}",
        "{name}, {phone}",
        "{name}; {phone}",
        "{name}\t{address}\t{phone}",
        "{name}, {phone}, {address}",
        "{name}, 8 (916) 765-43-21",
        "{name}",
        "{phone}",
        "{address}",
        '"{name}", {address}',
        '"{name}, {address}',
    ]
)


@given(st.lists(st.tuples(WRITTEN, PERSON), min_size=1, max_size=12))
def test_no_line_of_a_pasted_list_disappears(lines: list[tuple[str, tuple[str, int]]]) -> None:
    written = [
        (form.format(name=name, address=f"p{number}@example.com", phone=f"+3712999{number}"), number)
        for form, (name, number) in lines
    ]
    found = read_text("\n".join(line for line, _ in written), LATVIAN)
    known = {row for each in found.people for row in (each.email, each.phone)}
    named = {each.row for each in found.unread}
    for row, (line, number) in enumerate(written, 1):
        is_known = f"p{number}@example.com" in known or f"+3712999{number}" in known
        assert row in named or is_known, line


def test_running_numbers_are_no_part_of_names() -> None:
    text = "1. Ann Lee - ann@example.com\n2) Bob Ray bob@example.com\n# 3. Cid Roe cid@example.com\n4.dan@example.com"
    assert [(each.first_name, each.last_name, each.email) for each in read_text(text, LATVIAN).people] == [
        ("Ann", "Lee", "ann@example.com"),
        ("Bob", "Ray", "bob@example.com"),
        ("Cid", "Roe", "cid@example.com"),
        ("", "", "4.dan@example.com"),
    ]


def test_a_name_may_come_after_the_only_address_of_its_line() -> None:
    text = (
        "fay@example.com, Fay Wray\neve@example.com Eve Adams\n"
        "gus@example.com hal@example.com Hal Hart\nann@example.com 3rd"
    )
    assert [(each.first_name, each.last_name) for each in read_text(text, LATVIAN).people] == [
        ("Fay", "Wray"),
        ("Eve", "Adams"),
        ("", ""),
        ("", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Dupont,Marie,marie@example.com", ("Dupont", "Marie"), ("Marie", "Dupont")),
        ("First name,Last name,E-mail\nDupont,Marie,marie@example.com", ("Dupont", "Marie"), ("Marie", "Dupont")),
        ("Name,E-mail\nDupont Marie Claire,m@example.com", ("Dupont Marie", "Claire"), ("Marie Claire", "Dupont")),
        ("ФИО,E-mail\nАнна Мария Озола,m@example.com", ("Мария Озола", "Анна"), ("Анна Мария", "Озола")),
        ("Nom et prénom;Courriel\nDupont, Marie;m@example.com", ("Marie", "Dupont"), ("Dupont", "Marie")),
        ("Dupont Marie Claire <m@example.com>", ("Dupont Marie", "Claire"), ("Marie Claire", "Dupont")),
        ("Marie, Dupont; m@example.com", ("Dupont", "Marie"), ("Marie", "Dupont")),
        ("Dupont Marie +371 2000 0021", ("Dupont", "Marie"), ("Marie", "Dupont")),
    ],
)
def test_first_and_last_names_can_be_swapped(text: str, before: tuple[str, str], after: tuple[str, str]) -> None:
    for expected, named in ((LATVIAN, before), (replace(LATVIAN, swapped=True), after)):
        [person] = read_text(text, expected).people
        assert (person.first_name, person.last_name) == named


def test_columns_are_told_as_they_are_read_when_names_are_swapped() -> None:
    found = read_text("Dupont,Marie,marie@example.com", replace(LATVIAN, swapped=True))
    assert [each.meaning for each in found.columns] == [Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.EMAIL]


@pytest.mark.parametrize(
    "text", ["Anna Ozola\nJānis Kalns", "Name;Group\nAnna Ozola;A\n", "Name;E-mail\nAnna Ozola;\n"]
)
def test_a_file_of_names_only_is_refused_with_what_people_are_known_by(text: str) -> None:
    badge = UniqueField(field_id=1, label="Badge")
    with pytest.raises(ListUnreadable) as refused:
        read_file(text.encode(), replace(LATVIAN, fields=(badge,)))
    assert (refused.value.problem, refused.value.fields) == (ListProblem.ONLY_NAMES, ("Badge",))


def test_a_file_of_wrong_addresses_is_read_to_say_which() -> None:
    assert [each.row for each in read_file(b"Name;E-mail\nAnna;anna@@example\n", LATVIAN).unread] == [2]


def test_another_column_can_be_chosen_for_the_addresses() -> None:
    text = "Name,Work e-mail,Private\nAnna,anna@example.com,anna@example.org\n"
    found = read_text(text, LATVIAN)
    assert (addresses(found), found.address_places) == (["anna@example.com"], (1, 2))
    assert addresses(read_text(text, Expectations(email=2))) == ["anna@example.org"]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    rows = "\n".join(f"Anna {number},a{number}@example.com" for number in range(50))
    assert len(read_text(f'Name,E-mail\n"Jānis,j@example.com\n{rows}\n', LATVIAN).people) == 51


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (b"<html><table><tr><td>anna@example.com</td></tr></table>", ListProblem.WEB_PAGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ListProblem.OLD_WORKBOOK),
        (b"%PDF-1.7 anna@example.com", ListProblem.OTHER_FORMAT),
        (b"\x01\x02\x03", ListProblem.OTHER_FORMAT),
        (b"", ListProblem.EMPTY),
        (b"\r\n;;;\r\n", ListProblem.EMPTY),
        (b"PK\x03\x04 and then nothing", ListProblem.BROKEN),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(contents: bytes, problem: ListProblem) -> None:
    with pytest.raises(ListUnreadable) as refused:
        read_file(contents, LATVIAN)
    assert refused.value.problem is problem


@pytest.mark.deep
def test_ten_thousand_people_are_read_and_one_more_is_refused() -> None:
    rows = [f"a{number}@example.com,Anna" for number in range(MOST_ROWS + 1)]
    assert len(read_text("\n".join(["E-mail,Name", *rows[:-1]]), LATVIAN).people) == MOST_ROWS
    with pytest.raises(ListTooLong):
        read_text("\n".join(["E-mail,Name", *rows]), LATVIAN)


def test_a_file_of_more_than_five_mebibytes_is_refused_unread() -> None:
    with pytest.raises(ListTooLarge):
        read_file(bytes(LARGEST + 1), LATVIAN)


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    bomb = repacked(workbook([["E-mail"]]), "xl/worksheets/sheet1.xml", bytes(8 * LARGEST))
    assert len(bomb) < LARGEST
    with pytest.raises(ListTooLarge):
        read_file(bomb, LATVIAN)


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c x='\"' r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c/><c/><c/><c><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 300 + "</row>",
        '<row r="1">' + "<c/>" * 600_000 + "</row>",
    ],
)
def test_a_workbook_whose_cells_are_far_apart_is_refused_before_it_takes_memory(cell: str) -> None:
    sheet = f'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{cell}</sheetData></worksheet>'
    with pytest.raises(ListTooLong):
        read_file(repacked(workbook([["E-mail"]]), "xl/worksheets/sheet1.xml", sheet.encode()), LATVIAN)


def test_a_workbook_that_declares_entities_is_refused() -> None:
    sheet = b'<!DOCTYPE x [<!ENTITY a "anna@example.com">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(ListUnreadable):
        read_file(repacked(workbook([["E-mail"]]), "xl/worksheets/sheet1.xml", sheet), LATVIAN)


def test_numbers_of_a_workbook_are_read_without_a_point_or_an_exponent() -> None:
    found = read_file(workbook([["Phone", "Name"], [37120000021, "Anna"], [89000000001, "Olga"]]), LATVIAN)
    assert found.people[0].phone == "+37120000021"


@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_read_or_refused(contents: bytes) -> None:
    assert_read_or_refused(contents)


@given(st.text(max_size=1000))
def test_texts_of_any_kind_are_read_or_refused(text: str) -> None:
    assert_read_or_refused(text.encode("utf-8", "surrogatepass"))


@given(
    st.sampled_from([GOOGLE, RUSSIAN, PASTED, ADDRESSES, WORKBOOK]),
    st.lists(st.tuples(st.integers(min_value=0, max_value=9000), st.binary(max_size=4)), min_size=1, max_size=8),
)
def test_damaged_samples_are_read_or_refused(name: str, damage: list[tuple[int, bytes]]) -> None:
    contents = bytearray((SAMPLES / name).read_bytes())
    for place, garbage in damage:
        contents[place : place + len(garbage)] = garbage
    assert_read_or_refused(bytes(contents))


@given(
    st.sampled_from(["xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]),
    st.integers(min_value=0, max_value=2600),
    st.sampled_from([b"", b"<", b"9999", b'"', b"t=", b"A1", b"\x00", b"&x;", b"</c>", b"-1", b"inlineStr"]),
)
@example("xl/worksheets/sheet2.xml", 30, b"")  # an encoding of an unknown name
def test_workbooks_with_damaged_parts_are_read_or_refused(name: str, place: int, garbage: bytes) -> None:
    contents = (SAMPLES / WORKBOOK).read_bytes()
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        part = bytearray(archive.read(name))
    part[place : place + len(garbage) + 1] = garbage
    assert_read_or_refused(repacked(contents, name, bytes(part)))


NAME = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@given(st.lists(st.tuples(NAME, NAME), min_size=1, max_size=30), st.sampled_from(";,\t|"))
def test_every_written_person_is_read_back_once(people: list[tuple[str, str]], separator: str) -> None:
    def written(first: str, address: str) -> str:
        return separator.join([f'"{first.title()}"', f"{address}@Example.com"])

    found = read_text("\r\n".join([separator.join(["First name", "E-mail"]), *starmap(written, people)]), LATVIAN)
    first_of = {address: first for first, address in reversed(people)}
    assert {each.email: each.first_name for each in found.people} == {
        f"{address}@example.com": first.title() for address, first in first_of.items()
    }
    assert len(found.people) + len(found.repeated) == len(people)


def assert_read_or_refused(contents: bytes) -> None:
    try:
        found = read_file(contents, LATVIAN)
    except REFUSED:
        return
    assert found.people or found.unread
    assert len({each.email for each in found.people if each.email}) == found.with_address
    assert all(each.email or each.phone or each.unique for each in found.people)
