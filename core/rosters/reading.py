"""Reads a list of people from a pasted text or a file; nothing is kept, and nothing is looked up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from core.domain.field_kinds import Kind
from core.domain.text import search_key, tidy
from core.errors import ListProblem, ListTooLarge, ListTooLong, ListUnreadable
from core.rosters.addresses_in_text import addresses_in
from core.rosters.columns import (
    INTERNATIONAL_PHONE,
    Layout,
    address_places,
    are_full_names,
    known_columns,
    recognise,
)
from core.rosters.files import opened
from core.rosters.grid import LARGEST, MOST_ROWS, Grid, Line
from core.rosters.header_words import SUSPENDED, Meaning
from core.rosters.people_lists import ListedPerson, PeopleList, Unread
from core.rosters.person_values import LONGEST_NAME, Expectations, phone, split_name, value
from core.rosters.separators import separated
from core.rosters.written_lines import in_line, phone_in, unreadable, written_lines


def read_text(text: str, expected: Expectations) -> PeopleList:
    """Read a pasted text. Raises ListTooLarge, ListTooLong, ListUnreadable."""
    if len(text) > LARGEST:
        raise ListTooLarge(LARGEST)
    grid = separated(text, partial(known_columns, fields=expected.fields))
    return _checked(_people(grid, expected) if grid else _written_people(written_lines(text), expected))


def read_file(contents: bytes, expected: Expectations) -> PeopleList:
    """Read a file, told by its contents and not its name. Raises ListTooLarge, ListTooLong, ListUnreadable."""
    opening = opened(contents, expected.languages)
    found = read_text(opening, expected) if isinstance(opening, str) else _checked(_workbook(opening, expected))
    if not (found.people or any(each.is_phone or "@" in each.text for each in found.unread)):
        raise only_names(expected)
    return found


def only_names(expected: Expectations) -> ListUnreadable:
    """Return the refusal of a list that holds only names, by which nobody is known when they sign up."""
    return ListUnreadable(ListProblem.ONLY_NAMES, fields=tuple(each.label for each in expected.fields))


def _checked(found: PeopleList) -> PeopleList:
    if not (found.people or found.unread):
        raise ListUnreadable(ListProblem.EMPTY)
    if len(found.people) > MOST_ROWS:  # a row may hold several
        raise ListTooLong(MOST_ROWS)
    return found


def _workbook(sheets: Iterable[Grid], expected: Expectations) -> PeopleList:
    """Read the sheet with most people; of several, the first. The others with any are told beside it."""
    read = [_people(grid, expected) for grid in sheets]
    if not read:
        raise ListUnreadable(ListProblem.EMPTY)
    fullest = max(read, key=lambda each: len(each.people))
    return replace(fullest, beside=tuple(each for each in read if each.people and each is not fullest))


def _people(grid: Grid, expected: Expectations) -> PeopleList:
    layout = recognise(grid.lines, expected.fields, email=expected.email)
    layout = layout.swapped if expected.swapped else layout
    if not layout.columns:
        written = _written_people([_as_written(line) for line in grid.lines], expected)
        return _described(written, grid, layout)
    found = [each for line in grid.lines[layout.skipped :] for each in _in_row(line, layout, expected)]
    return _described(_sorted(found), grid, layout)


def _written_people(lines: Iterable[tuple[int, str]], expected: Expectations) -> PeopleList:
    return _sorted([each for number, text in lines for each in in_line(number, text, expected)])


def _as_written(line: Line) -> tuple[int, str]:
    return line.number, "\t".join(line.cells)


def _sorted(found: Sequence[ListedPerson | Unread]) -> PeopleList:
    people = [each for each in found if isinstance(each, ListedPerson)]
    return _without_repetitions(people, [each for each in found if isinstance(each, Unread)])


def _described(found: PeopleList, grid: Grid, layout: Layout) -> PeopleList:
    return PeopleList(
        people=found.people,
        repeated=found.repeated,
        unread=found.unread,
        columns=layout.columns,
        address_places=address_places(grid.lines[layout.skipped :]),
        sheet=grid.sheet,
        sheet_name=grid.sheet_name,
        hidden=tuple(each.row for each in found.people if each.row in grid.hidden),
        is_hidden_sheet=grid.is_hidden_sheet,
    )


def _in_row(line: Line, layout: Layout, expected: Expectations) -> Iterator[ListedPerson | Unread]:
    """Read a row of a table: one person, or one for each address of a cell with several, or what can't be read."""
    if not layout.skipped and expected.email is None and not layout.fits(line):
        yield from in_line(*_as_written(line), expected)
        return
    if not any(line.cell(each.place) for each in layout.columns if each.meaning is not Meaning.STATUS):
        yield from _beside_columns(line)
        return
    cell, number = line.cell(layout.place(Meaning.EMAIL)), line.cell(layout.place(Meaning.PHONE))
    found = list(addresses_in(cell))
    addresses = [each.address for each in found if each.address]
    person = _person(line, layout, expected, addresses[0] if addresses else "")
    is_known = bool(person.email or person.phone or person.unique)
    wrong_phone = not person.phone and any(map(str.isdecimal, number))
    if is_known:
        yield person
    yield from (ListedPerson(row=line.number, email=each) for each in addresses[1:])
    yield from (Unread(row=line.number, text=each.text) for each in found if not each.address)
    if wrong_phone:
        yield Unread(row=line.number, text=number, is_phone=True)
    if not (found or is_known or wrong_phone):
        yield unreadable(line.number, cell)


def _beside_columns(line: Line) -> Iterator[Unread]:
    """Say what can't be read of a row without anything where the others have it.

    Nothing is lost of a row of totals, or of one with a running number only.
    """
    filled = [each for each in line.cells if each]
    is_name = len(filled) == 1 and are_full_names(filled)
    known = (each for each in filled if is_name or "@" in each or INTERNATIONAL_PHONE.search(each))
    yield from (Unread(row=line.number, text=each) for each in known)


def _person(line: Line, layout: Layout, expected: Expectations, address: str) -> ListedPerson:
    first, last = _name(line, layout, expected)
    instead = "" if address else phone_in(line.cell(layout.place(Meaning.EMAIL)), expected)
    values = {each.field_id: value(Kind.UNIQUE_TEXT, line.cell(each.place), expected) for each in layout.unique}
    return ListedPerson(
        row=line.number,
        first_name=first,
        last_name=last,
        email=address,
        phone=phone(line.cell(layout.place(Meaning.PHONE)), expected) or instead,
        unique={number: written for number, written in values.items() if number is not None and written},
        suspended=search_key(line.cell(layout.place(Meaning.STATUS))) in SUSPENDED,
    )


def _name(line: Line, layout: Layout, expected: Expectations) -> tuple[str, str]:
    if whole := line.cell(layout.place(Meaning.FULL_NAME)):
        return split_name(whole, swapped=expected.swapped)
    if whole := line.cell(layout.place(Meaning.SURNAME_FIRST)):
        return split_name(whole, last_first=True, swapped=expected.swapped)
    first, last = line.cell(layout.place(Meaning.FIRST_NAME)), line.cell(layout.place(Meaning.LAST_NAME))
    return tidy(first)[:LONGEST_NAME], tidy(last)[:LONGEST_NAME]


def _without_repetitions(people: Sequence[ListedPerson], unread: Iterable[Unread]) -> PeopleList:
    """Keep each person once: the first with an address, or else with a unique value, or else with a phone number.

    Several who have no address, but one value or number and different names, are different people, and all kept.
    """
    names = defaultdict[str, set[str]](set)
    for person in people:
        if not person.email:
            names[person.mark] |= {person.name_key} - {""}
    kept: dict[str, ListedPerson] = {}
    repeated: list[int] = []
    for person in people:
        shares = len(names[person.mark]) > 1
        found = replace(person, shares=True) if shares else person
        if found.identity in kept or (shares and not found.name_key):
            repeated.append(person.row)
        else:
            kept[found.identity] = found
    return PeopleList(people=tuple(kept.values()), repeated=tuple(repeated), unread=tuple(unread))
