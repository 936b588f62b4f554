"""What the columns of a list mean: by the words of its header, or by what is in them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.text import search_key
from core.rosters.addresses_in_text import address_in
from core.rosters.grid import Line
from core.rosters.header_words import MEANINGS, SURNAME_BESIDE_FIRST_NAME, WITHIN, Meaning

MOST_WORDS = 5  # of a name
HEADER_WITHIN = 20  # rows: a few titles may be above it
REMARK = re.compile(r"[\[(][^\])]*[\])]")  # `[Required]`, `(generated)`
INTERNATIONAL_PHONE = re.compile(r"\+\d[\d\s().\-/]{5,20}\d")
LIKE_A_PHONE = re.compile(r"\+?\(?\d[\d\s().\-/]{5,20}\d")
DIGIT = re.compile(r"\d")
FEWEST_DIGITS = 7  # of what is taken for a phone number, whether it is understood or not
MARK_OF_PHONES = re.compile(r"[+(]")
BETWEEN_WORDS = re.compile(r"[\W_]+")
SWAPPED = {
    Meaning.FIRST_NAME: Meaning.LAST_NAME,
    Meaning.LAST_NAME: Meaning.FIRST_NAME,
    Meaning.FULL_NAME: Meaning.SURNAME_FIRST,
    Meaning.SURNAME_FIRST: Meaning.FULL_NAME,
}


@dataclass(frozen=True, kw_only=True)
class UniqueField:
    """A custom field whose values are unique among people: its number, and its labels, by which a column is found.

    `others` are its labels in further languages.
    """

    field_id: int
    label: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that is used: its place (from 0), its header ("" if there is none), and what it means."""

    place: int
    header: str
    meaning: Meaning
    field_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of a list, and how many of its rows (titles, the header) come before people."""

    columns: tuple[Column, ...] = ()
    skipped: int = 0

    def place(self, meaning: Meaning) -> int | None:
        """Return the place of the column with a meaning; None if there is none."""
        return next((each.place for each in self.columns if each.meaning is meaning), None)

    def fits(self, line: Line) -> bool:
        """Return whether a row is as the columns were guessed from others: known by an address or a phone number there.

        And there is no phone number among the names.
        """
        is_known = "@" in line.cell(self.place(Meaning.EMAIL)) or line.cell(self.place(Meaning.PHONE))
        return bool(is_known) and not any(
            len(DIGIT.findall(line.cell(each.place))) >= FEWEST_DIGITS
            for each in self.columns
            if each.meaning in SWAPPED
        )

    @property
    def swapped(self) -> "Layout":
        """The same with first and last names the other way round."""
        columns = tuple(replace(each, meaning=SWAPPED.get(each.meaning, each.meaning)) for each in self.columns)
        return replace(self, columns=columns)

    @property
    def unique(self) -> tuple[Column, ...]:
        """The columns of unique fields."""
        return tuple(each for each in self.columns if each.meaning is Meaning.UNIQUE)


def recognise(lines: Sequence[Line], fields: Iterable[UniqueField], *, email: int | None = None) -> Layout:
    """Find the header and the columns; `email` is the place of the addresses if a person has chosen it."""
    labels = {header_key(label): field.field_id for field in fields for label in (field.label, *field.others)}
    named: tuple[Column, ...] = ()
    skipped = 0
    for place, line in enumerate(lines[:HEADER_WITHIN]):
        if not any("@" in cell for cell in line.cells) and (found := _named(line, labels, lines[place + 1 :])):
            named, skipped = found, place + 1
            break
    chosen = email if email is not None else _place_of(named, Meaning.EMAIL)
    if chosen is None:
        chosen = _fullest(lines[skipped:])
    header = lines[skipped - 1] if skipped else None
    others = tuple(each for each in named if each.meaning is not Meaning.EMAIL and each.place != chosen)
    if chosen is None:
        return Layout(columns=others, skipped=skipped)
    addresses = Column(place=chosen, header=header.cell(chosen) if header else "", meaning=Meaning.EMAIL)
    beside = [line for line in lines if "@" in line.cell(chosen)]
    guessed = () if header else (*_names_beside(beside, chosen), *_phones_beside(beside))
    return Layout(columns=tuple(sorted((addresses, *others, *guessed), key=lambda each: each.place)), skipped=skipped)


def known_columns(lines: Sequence[Line], fields: Iterable[UniqueField]) -> int:
    """Return how many columns are recognised; 0 if the lines are no table.

    Without a header they are one if most have several cells, and one address each, in the same column.
    """
    layout = recognise(lines, fields)
    if layout.skipped:
        return len(layout.columns)
    wide = [line for line in lines if len(line.cells) > 1]
    chosen = _place_of(layout.columns, Meaning.EMAIL)
    elsewhere = any("@" in cell for line in lines for place, cell in enumerate(line.cells) if place != chosen)
    return len(layout.columns) if 2 * len(wide) > len(lines) and not elsewhere else 0


def address_places(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return the places of the columns that hold any address."""
    cells = ((place, cell) for line in lines for place, cell in enumerate(line.cells) if "@" in cell)
    return tuple(sorted({place for place, cell in cells if address_in(cell) is not None}))


def header_key(header: str) -> str:
    """Return the words of a header without remarks in brackets, as `core/rosters/header_words.py` writes them."""
    return BETWEEN_WORDS.sub(" ", search_key(REMARK.sub(" ", header))).strip()


def _named(line: Line, labels: Mapping[str, int], below: Sequence[Line]) -> tuple[Column, ...]:
    """Return the columns that a header names; of several for the addresses, the one that holds most, then the first."""
    found: dict[int, Column] = {}
    for place, header in enumerate(line.cells):
        words = header_key(header)
        if words in labels:
            found[place] = Column(place=place, header=header, meaning=Meaning.UNIQUE, field_id=labels[words])
        elif meaning := MEANINGS.get(words):
            found[place] = Column(place=place, header=header, meaning=meaning)
    for place, header in enumerate(line.cells):
        meaning = next((WITHIN[word] for word in header_key(header).split() if word in WITHIN), None)
        if meaning and place not in found and all(each.meaning is not meaning for each in found.values()):
            found[place] = Column(place=place, header=header, meaning=meaning)
    identifying = {Meaning.EMAIL, Meaning.PHONE, Meaning.UNIQUE, Meaning.LAST_NAME, Meaning.FIRST_NAME}
    if not any(each.meaning in identifying for each in found.values()):
        return ()
    held = Counter(place for row in below for place, cell in enumerate(row.cells) if "@" in cell)
    ranked = sorted(found.values(), key=lambda each: (each.meaning is Meaning.EMAIL and -held[each.place], each.place))
    first = {(each.meaning, each.field_id): each for each in reversed(ranked)}
    meanings = {each.meaning for each in first.values()}
    is_parted = Meaning.FIRST_NAME in meanings and Meaning.LAST_NAME not in meanings
    return tuple(_as_surname(each) if is_parted else each for each in first.values())


def _as_surname(column: Column) -> Column:
    """Return what a column means beside one of first names."""
    is_surname = header_key(column.header) in SURNAME_BESIDE_FIRST_NAME
    return replace(column, meaning=Meaning.LAST_NAME) if is_surname else column


def _place_of(columns: Iterable[Column], meaning: Meaning) -> int | None:
    return next((each.place for each in columns if each.meaning is meaning), None)


def _fullest(lines: Sequence[Line]) -> int | None:
    """Return the column in which most cells are addresses; None if there is none."""
    held = Counter(place for line in lines for place, cell in enumerate(line.cells) if address_in(cell) is not None)
    return min(held, key=lambda place: (-held[place], place)) if held else None


def _names_beside(lines: Sequence[Line], addresses: int) -> tuple[Column, ...]:
    """Guess the columns of names in a table without a header: those of words only, one or two of them.

    If there is none, a few cells with digits in them don't take away the names of all others.
    """
    cells = {
        place: [LIKE_A_PHONE.sub("", cell) for cell in filled]
        for place, filled in _filled(lines).items()
        if place != addresses
    }
    places = [place for place, filled in cells.items() if are_names(filled)] or [
        place for place, filled in cells.items() if 2 * sum(are_names([cell]) for cell in filled) >= len(filled)
    ]
    match places:
        case [only]:
            return (Column(place=only, header="", meaning=Meaning.FULL_NAME),)
        case [first, last]:
            return (
                Column(place=first, header="", meaning=Meaning.FIRST_NAME),
                Column(place=last, header="", meaning=Meaning.LAST_NAME),
            )
    return ()


def _phones_beside(lines: Sequence[Line]) -> tuple[Column, ...]:
    """Guess the column of phone numbers in a table without a header: the only one of these, some as only those are.

    Numbers without a plus sign or brackets may be anything, such as days or numbers of employees.
    """
    places = [
        place
        for place, filled in _filled(lines).items()
        if all(map(LIKE_A_PHONE.fullmatch, filled)) and any(map(MARK_OF_PHONES.search, filled))
    ]
    return (Column(place=places[0], header="", meaning=Meaning.PHONE),) if len(places) == 1 else ()


def _filled(lines: Sequence[Line]) -> dict[int, list[str]]:
    """Return the cells of each column, by its place, without the empty ones; no column that has no others."""
    found = defaultdict[int, list[str]](list)
    for line in lines:
        for place, cell in enumerate(line.cells):
            if cell:
                found[place].append(cell)
    return dict(sorted(found.items()))


def are_full_names(written: Iterable[str]) -> bool:
    """Return whether each of these texts, and there is one, may be a first and a last name: words with capitals."""
    each = [text.split() for text in written]
    return bool(each) and all(
        1 < len(words) <= MOST_WORDS and are_names(words) and not any(word[0].islower() for word in words)
        for words in each
    )


def are_names(cells: Iterable[str]) -> bool:
    """Return whether the cells that hold anything, and there is one, hold words without digits or addresses."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(
        any(each.isalpha() for each in cell) and not re.search(r"[\d@]", cell) for cell in filled
    )
