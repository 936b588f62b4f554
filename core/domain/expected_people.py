"""What a list of people means for a roster: who of them is new there, whose entry changes, and whom it doesn't name.

A person of the list is on the roster by the same address, value of a unique field or phone number, as sign-ups are
matched with it. A value or a number decides only if nobody else of the two has it, since people share numbers; beside
the very same name it decides even then.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.domain.contacts import Contact
from core.domain.text import search_key


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """A person to put on a roster; `values` maps the numbers of unique fields to keys of values."""

    identity: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    values: Mapping[int, str]

    @property
    def full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def name_key(self) -> str:
        """What the name has in common with the same one, written otherwise."""
        return name_key(self.full_name)

    @property
    def contact(self) -> Contact:
        """The name and the address; without either, what else they are known by stands for the name."""
        others = () if self.email else (self.phone, *self.values.values())
        return Contact(name=self.full_name or next(filter(None, others), ""), email=self.email or "")


@dataclass(frozen=True, kw_only=True)
class Entry(NewPerson):
    """A person who is on a roster, by their number there; `came` through a sign-up."""

    number: int
    came: bool


@dataclass(frozen=True, kw_only=True)
class Merger:
    """What becomes of a roster's entries and the people of a list.

    `changed` maps the identities of people to their entries as they will be, `beside` are the entries of nobody of
    the list.
    """

    new: tuple[NewPerson, ...]
    changed: Mapping[str, Entry]
    beside: tuple[Entry, ...]


P = TypeVar("P", bound=NewPerson)

LONGEST_IDENTITY = 640  # characters


def name_key(name: str) -> str:
    """Return the words of a name, in whichever order, case and accents it is written."""
    return " ".join(sorted(set(search_key(name).split())))


def merge(entries: Sequence[Entry], people: Sequence[NewPerson]) -> Merger:
    """Compare a roster's entries with the people of a list, each of whom is there once."""
    found = _likely(entries, people, _sure(entries, people))
    changed, named = dict[str, Entry](), set[int]()
    for person in people:
        entry = found.get(person.identity)
        if entry is None or entry.number in named:
            continue
        named.add(entry.number)
        if (updated := _updated(entry, person)) != entry:
            changed[person.identity] = updated
    return Merger(
        new=tuple(each for each in people if each.identity not in found),
        changed=changed,
        beside=tuple(each for each in entries if each.number not in named),
    )


def told_apart(people: Sequence[NewPerson], others: Sequence[NewPerson] = ()) -> list[NewPerson]:
    """Return people without the phone numbers and values that several of them, or of them and the others, have."""
    everybody = [*people, *others]
    phones, values = _alone(everybody, _phone), _alone(everybody, _values)
    return [
        replace(
            each,
            phone=each.phone if each.phone in phones else None,
            values={number: key for number, key in each.values.items() if (number, key) in values},
        )
        for each in people
    ]


def with_own_identities(people: Iterable[NewPerson], entries: Iterable[Entry]) -> list[NewPerson]:
    """Return people who are new on a roster so that each can be put there: what is an entry's identity gets the name.

    They have the phone number or the value of somebody there, but another name.
    """
    taken = {each.identity for each in entries}
    return [
        replace(each, identity=named_identity(each.identity, each.name_key)) if each.identity in taken else each
        for each in people
    ]


def named_identity(identity: str, name_key: str) -> str:
    """Return what tells somebody apart from people of other names, with whom they share a phone number or a value."""
    return f"{identity} {name_key}"[:LONGEST_IDENTITY]


def _sure(entries: Sequence[Entry], people: Sequence[NewPerson]) -> dict[str, Entry]:
    """Return the entries of people, by the people's identities: with their address, or else once put there by it."""
    people = [each for each in people if each.email]
    by_address = {each.email: each for each in reversed(entries) if each.email}
    by_identity = {each.identity: each for each in entries}
    pairs = ((each, by_address.get(each.email or "") or by_identity.get(each.identity)) for each in people)
    return {person.identity: entry for person, entry in pairs if entry}


def _likely(entries: Sequence[Entry], people: Sequence[NewPerson], found: Mapping[str, Entry]) -> dict[str, Entry]:
    """Add the entries of those who have none yet: with a value, or else a phone number, that nobody else has.

    Before that, by one beside the same name; after it, by what they were put on the roster by.
    """
    all_found, taken = dict(found), {each.number for each in found.values()}
    steps = (_named, _anybody), (_values, _anybody), (_phone, _share_a_name), (_identity, _share_a_name)
    for keys, may_be in steps:
        rest = [each for each in people if each.identity not in all_found]
        theirs, ours = (_alone(entries, keys), _alone(people, keys)) if rest else ({}, {})
        for person in rest:
            alike = (theirs[key] for key in keys(person) if key in theirs and key in ours)
            entry = next((each for each in alike if each.number not in taken and may_be(each, person)), None)
            if entry:
                all_found[person.identity] = entry
                taken.add(entry.number)
    return all_found


def _alone(people: Iterable[P], keys: Callable[[NewPerson], Iterable[Hashable]]) -> dict[Hashable, P]:
    """Return those who have a key that nobody else of them has, by this key."""
    holders = defaultdict[Hashable, list[P]](list)
    for person in people:
        for key in keys(person):
            holders[key].append(person)
    return {key: found[0] for key, found in holders.items() if len(found) == 1}


def _values(person: NewPerson) -> Iterable[Hashable]:
    return person.values.items()


def _phone(person: NewPerson) -> Iterable[Hashable]:
    return (person.phone,) if person.phone else ()


def _named(person: NewPerson) -> Iterable[Hashable]:
    name = person.name_key
    return [(name, mark) for mark in (*_values(person), *_phone(person))] if name else ()


def _identity(person: NewPerson) -> Iterable[Hashable]:
    return (person.identity,)


def _anybody(_entry: Entry, _person: NewPerson) -> bool:
    return True


def _share_a_name(entry: Entry, person: NewPerson) -> bool:
    """Return whether two with one phone number may be the same: a family has one, too, but each a name of their own."""
    names = [set(search_key(each.full_name).split()) for each in (entry, person)]
    return not all(names) or not names[0].isdisjoint(names[1])


def _updated(entry: Entry, person: NewPerson) -> Entry:
    """Return an entry with what a newer list has of its person; what is empty there erases nothing.

    What somebody came by stays, so that they still have come, and so does an address that was changed here: who was put
    on the roster by the one of the list has another one now.
    """
    is_changed_here = person.identity == entry.identity
    email = entry.email if entry.email and (entry.came or is_changed_here) else person.email or entry.email
    return replace(
        entry,
        identity=entry.identity if email == entry.email else person.identity,
        first_name=person.first_name or entry.first_name,
        last_name=person.last_name or entry.last_name,
        email=email,
        phone=entry.phone if entry.phone and entry.came else person.phone or entry.phone,
        values={**person.values, **entry.values} if entry.came else {**entry.values, **person.values},
    )
