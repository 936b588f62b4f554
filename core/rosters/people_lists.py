"""What is read of a list of people: its people, and what can't be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.contacts import Contact
from core.domain.expected_people import NewPerson, name_key, named_identity
from core.domain.text import indexed_key
from core.rosters.columns import Column


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """A person of a list, normalised; `row` is the number of the row, `suspended` what a column of states says.

    `unique` maps the numbers of unique fields to the values. It has an address, a number
    or one of these. `shares`: without an address, and others of the list with other names are known by the same.
    """

    row: int
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    unique: Mapping[int, str] = field(default_factory=dict)
    suspended: bool = False
    shares: bool = False

    @property
    def contact(self) -> Contact:
        """The name and the address; without a name, what else they are known by stands for it."""
        name = f"{self.first_name} {self.last_name}".strip()
        others = () if self.email else (self.phone, *self.unique.values())
        return Contact(name=name or next(filter(None, others), ""), email=self.email)

    @property
    def expected(self) -> NewPerson:
        """The person as one to put on a roster."""
        return NewPerson(
            identity=self.identity,
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email or None,
            phone=self.phone or None,
            values={number: indexed_key(value) for number, value in self.unique.items()},
        )

    @property
    def identity(self) -> str:
        """What tells the person from others of a list: what they are known by, and the name if others are, too."""
        return named_identity(self.mark, self.name_key) if self.shares else self.mark

    @property
    def name_key(self) -> str:
        """What the name has in common with the same one, written otherwise."""
        return name_key(f"{self.first_name} {self.last_name}")

    @property
    def mark(self) -> str:
        """What the person is known by: the address, else a unique value, else the phone number."""
        if self.email:
            return f"email:{self.email}"
        if self.unique:
            number, value = min(self.unique.items())
            return f"field {number}:{indexed_key(value)}"
        return f"phone:{self.phone}"


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A row, or a piece of one, from which no person can be read; `text` is what was there, "" if nothing.

    `is_phone`: it is a phone number, or holds one, that isn't understood.
    """

    row: int
    text: str
    is_phone: bool = False


@dataclass(frozen=True, kw_only=True)
class PeopleList:
    """What a list holds: its people once each, the rows that repeat one, and what can't be read.

    `columns` are those that were understood, none if it isn't a table; `address_places` are those that hold addresses
    (from 0). `sheet` is the number of a workbook's sheet (from 1), 0 for a text. `hidden` are the rows of people that
    the person's program doesn't show, `is_hidden_sheet` whether it doesn't show the sheet. `beside` are the other
    sheets with people, whom this list doesn't have.
    """

    people: tuple[ListedPerson, ...]
    repeated: tuple[int, ...]
    unread: tuple[Unread, ...]
    columns: tuple[Column, ...] = ()
    address_places: tuple[int, ...] = ()
    sheet: int = 0
    sheet_name: str = ""
    hidden: tuple[int, ...] = ()
    is_hidden_sheet: bool = False
    beside: tuple["PeopleList", ...] = ()

    @property
    def rows(self) -> int:
        """How many rows have people, those that repeat one included."""
        return len({each.row for each in self.people} | set(self.repeated))

    @property
    def with_address(self) -> int:
        """How many people have an address."""
        return sum(bool(each.email) for each in self.people)

    @property
    def active(self) -> tuple[ListedPerson, ...]:
        """The people who aren't suspended there."""
        return tuple(each for each in self.people if not each.suspended)

    @property
    def suspended(self) -> tuple[ListedPerson, ...]:
        """The people who are suspended there."""
        return tuple(each for each in self.people if each.suspended)
