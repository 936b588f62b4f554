"""Reads a list of people from a pasted text or a file; nothing is kept, and nothing is looked up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.domain.field_kinds import DEFINITIONS, Hints, Kind, WrongValue
from core.domain.text import is_oversized, search_key, tidy
from core.errors import ListProblem, ListTooLarge, ListUnreadable
from core.rosters.addresses_in_text import Found, addresses_in
from core.rosters.columns import (
    INTERNATIONAL_PHONE,
    Layout,
    UniqueField,
    address_places,
    are_names,
    known_columns,
    recognise,
)
from core.rosters.files import opened
from core.rosters.grid import LARGEST, Grid, Line, lines_of
from core.rosters.header_words import SUSPENDED, Meaning
from core.rosters.people_lists import ListedPerson, PeopleList, Unread
from core.rosters.separators import separated

PHONE = re.compile(r"(?<![@\w.])\+?\d[\d\s().\-/]{5,20}\d(?![@\w]|\.\w)")  # no part of an address
REMARK = re.compile(r"\([^)]*\)")
LIST_NUMBER = re.compile(r"\A(?:[#№]\s?)?\d{1,5}[.):]\s+(?=\D)")
AROUND_NAMES = ' ,;:|\t<>()[]"-–—'
LONGEST_NAME = 100  # characters, as the form's


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """What helps to read a list.

    `languages` (ISO 639) are those of the account, `region` (ISO 3166) that of phone numbers without a country code,
    `fields` the unique fields of its form. `email` is the place of the addresses (from 0) if a person has chosen it;
    `swapped`: they have said that first and last names are the other way round.
    """

    languages: tuple[str, ...] = ()
    region: str | None = None
    fields: tuple[UniqueField, ...] = ()
    email: int | None = None
    swapped: bool = False


def read_text(text: str, expected: Expectations) -> PeopleList:
    """Read a pasted text. Raises ListTooLarge, ListTooLong, ListUnreadable."""
    if len(text) > LARGEST:
        raise ListTooLarge(LARGEST)
    grid = separated(text, partial(known_columns, fields=expected.fields))
    return _checked(_people(grid, expected) if grid else _written_people(_written_lines(text), expected))


def read_file(contents: bytes, expected: Expectations) -> PeopleList:
    """Read a file, told by its contents and not its name. Raises ListTooLarge, ListTooLong, ListUnreadable."""
    opening = opened(contents, expected.languages)
    found = read_text(opening, expected) if isinstance(opening, str) else _checked(_workbook(opening, expected))
    if not (found.people or any("@" in each.text for each in found.unread)):
        raise only_names(expected)
    return found


def only_names(expected: Expectations) -> ListUnreadable:
    """Return the refusal of a list that holds only names, by which nobody is known when they sign up."""
    return ListUnreadable(ListProblem.ONLY_NAMES, fields=tuple(each.label for each in expected.fields))


def _checked(found: PeopleList) -> PeopleList:
    if not (found.people or found.unread):
        raise ListUnreadable(ListProblem.EMPTY)
    return found


def _workbook(sheets: Iterable[Grid], expected: Expectations) -> PeopleList:
    """Read the sheet with most people; of several, the first."""
    read = [_people(grid, expected) for grid in sheets]
    if not read:
        raise ListUnreadable(ListProblem.EMPTY)
    return max(read, key=lambda each: len(each.people))


def _people(grid: Grid, expected: Expectations) -> PeopleList:
    layout = recognise(grid.lines, expected.fields, email=expected.email)
    layout = layout.swapped if expected.swapped else layout
    if not layout.columns:
        written = _written_people([(line.number, "\t".join(line.cells)) for line in grid.lines], expected)
        return _described(written, grid, layout)
    people, unread = list[ListedPerson](), list[Unread]()
    for line in grid.lines[layout.skipped :]:
        found = list(_in_row(line, layout, expected))
        people += [each for each in found if isinstance(each, ListedPerson)]
        unread += [each for each in found if isinstance(each, Unread)]
    return _described(_without_repetitions(people, unread), grid, layout)


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
    if not any(line.cell(each.place) for each in layout.columns if each.meaning is not Meaning.STATUS):
        # nothing is lost of a row of totals, or of one with a running number only
        yield from (Unread(row=line.number, text=each) for each in line.cells if "@" in each)
        return
    cell = line.cell(layout.place(Meaning.EMAIL))
    found = list(addresses_in(cell))
    addresses = [each.address for each in found if each.address]
    person = _person(line, layout, expected, addresses[0] if addresses else "")
    if person.email or person.phone or person.unique:
        yield person
    yield from (ListedPerson(row=line.number, email=each) for each in addresses[1:])
    yield from (Unread(row=line.number, text=each.text) for each in found if not each.address)
    if not (found or person.phone or person.unique):
        yield Unread(row=line.number, text=cell)


def _person(line: Line, layout: Layout, expected: Expectations, address: str) -> ListedPerson:
    first, last = _name(line, layout, expected)
    values = {each.field_id: _value(Kind.UNIQUE_TEXT, line.cell(each.place), expected) for each in layout.unique}
    return ListedPerson(
        row=line.number,
        first_name=first,
        last_name=last,
        email=address,
        phone=_phone(line.cell(layout.place(Meaning.PHONE)), expected),
        unique={number: value for number, value in values.items() if number is not None and value},
        suspended=search_key(line.cell(layout.place(Meaning.STATUS))) in SUSPENDED,
    )


def _name(line: Line, layout: Layout, expected: Expectations) -> tuple[str, str]:
    if whole := line.cell(layout.place(Meaning.FULL_NAME)):
        return split_name(whole, swapped=expected.swapped)
    if whole := line.cell(layout.place(Meaning.SURNAME_FIRST)):
        return split_name(whole, last_first=True, swapped=expected.swapped)
    first, last = line.cell(layout.place(Meaning.FIRST_NAME)), line.cell(layout.place(Meaning.LAST_NAME))
    return tidy(first)[:LONGEST_NAME], tidy(last)[:LONGEST_NAME]


def split_name(whole: str, *, last_first: bool = False, swapped: bool = False) -> tuple[str, str]:
    """Split a name into first and last: `Last, First` by its comma, others before the last word.

    `last_first`: others behind the first word, which is the last name; `swapped`: `First, Last` by a comma.
    """
    written = tidy(REMARK.sub(" ", whole))
    if "," in written:
        one, _, two = written.partition(",")
        first, last = (one, two) if swapped else (two, one)
    elif last_first:
        last, _, first = written.partition(" ")
    else:
        first, _, last = written.rpartition(" ")
        first, last = (first, last) if first else (last, "")
    return first.strip()[:LONGEST_NAME], last.strip()[:LONGEST_NAME]


def _split_written(name: str, expected: Expectations) -> tuple[str, str]:
    return split_name(name, last_first=expected.swapped, swapped=expected.swapped)


def _phone(text: str, expected: Expectations) -> str:
    """Read a phone number; one that a program stores as a number has lost its plus sign."""
    digits = "".join(each for each in text if each.isdecimal())
    return _value(Kind.PHONE, text, expected) or (_value(Kind.PHONE, f"+{digits}", expected) if digits else "")


def _value(kind: Kind, text: str, expected: Expectations) -> str:
    definition = DEFINITIONS[kind]
    if not text or is_oversized(text, LONGEST_NAME):
        return ""
    try:
        return definition.read(definition.normalise(text)[:LONGEST_NAME], Hints(region=expected.region))
    except WrongValue:
        return ""


def _written_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text with their numbers; a running number at their beginning, such as `3.`, is left out."""
    found = lines_of([each.strip(" ,;|")] for each in text.splitlines())
    return [(line.number, LIST_NUMBER.sub("", line.cells[0])) for line in found]


def _written_people(lines: Sequence[tuple[int, str]], expected: Expectations) -> PeopleList:
    """Read people from lines that are no table: addresses with names, or names with phone numbers.

    A phone number beside several addresses is nobody's for certain, so it is said to be unread.
    """
    people, unread = list[ListedPerson](), list[Unread]()
    for number, text in lines:
        rest, phones = _without_phones(text, expected)
        found = list(addresses_in(rest))
        named = [_written_person(number, each, expected) for each in _with_name_after(rest, found) if each.address]
        unread += [Unread(row=number, text=each.text) for each in found if not each.address]
        if len(named) == 1:
            named = [replace(named[0], phone=phones[0] if phones else "")]
        elif found:
            unread += [Unread(row=number, text=each) for each in phones]
        elif person := _by_phone(number, text, expected):
            named = [person]
        else:
            unread += [Unread(row=number, text=text)]
        people += named
    return _without_repetitions(people, unread)


def _without_phones(text: str, expected: Expectations) -> tuple[str, list[str]]:
    """Return a line without its phone numbers, and these: the first one beside one address, in its stored form.

    Beside several, all with their plus sign, as they are written; so that a long line costs no more than its letters.
    """
    if text.count("@") != 1:
        return INTERNATIONAL_PHONE.sub(" ", text), INTERNATIONAL_PHONE.findall(text)
    written = PHONE.search(text)
    phone = _value(Kind.PHONE, written[0], expected) if written else ""
    return (f"{text[: written.start()]} {text[written.end() :]}", [phone]) if written and phone else (text, [])


def _with_name_after(text: str, found: Sequence[Found]) -> Sequence[Found]:
    """Give an address that is alone on its line, without a name before it, the name that comes after."""
    if len(found) != 1 or found[0].name:
        return found
    before, _, after = text.partition(found[0].text)
    name = after.strip(AROUND_NAMES)
    is_one = not before.strip(AROUND_NAMES) and are_names([name])
    return [replace(found[0], name=name)] if is_one else found


def _written_person(number: int, found: Found, expected: Expectations) -> ListedPerson:
    first, last = _split_written(found.name, expected)
    return ListedPerson(row=number, first_name=first, last_name=last, email=found.address or "")


def _by_phone(number: int, text: str, expected: Expectations) -> ListedPerson | None:
    written = PHONE.search(text)
    phone = _value(Kind.PHONE, written[0], expected) if written else ""
    if not (written and phone):
        return None
    rest = f"{text[: written.start()]} {text[written.end() :]}".strip(" ,;\t-–—:")
    first, last = _split_written(rest, expected)
    return ListedPerson(row=number, first_name=first, last_name=last, phone=phone)


def phone_in(text: str, expected: Expectations) -> str:
    """Return the phone number in a text, in its stored form; empty if there is none."""
    found = _by_phone(0, text, expected)
    return found.phone if found else ""


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
