"""Reads people from lines that are no table: addresses with names, or names with phone numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.domain.field_kinds import Kind
from core.errors import ListTooLong
from core.rosters.addresses_in_text import Found, addresses_in
from core.rosters.columns import FEWEST_DIGITS, INTERNATIONAL_PHONE, are_names
from core.rosters.grid import MOST_ROWS
from core.rosters.people_lists import ListedPerson, Unread
from core.rosters.person_values import Expectations, split_name, value

PHONE = re.compile(r"(?<![@\w.])\+?\d[\d\s().\-/]{5,20}\d(?![@\w]|\.\w)")  # no part of an address
LIST_NUMBER = re.compile(r"\A(?:[#№]\s?)?\d{1,5}[.):]\s+(?=\D)")
AROUND_LINES = " ,;|"
AROUND_NAMES = ' ,;:|\t<>()[]"-–—'
BESIDE_PHONES = " ,;:|\t-–—"


def written_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text with their numbers; a running number at their beginning, such as `3.`, is left out.

    However long a line is, all of it is there: the whole list may stand on one. Raises ListTooLong.
    """
    lines = [(number, each.strip(AROUND_LINES).strip()) for number, each in enumerate(text.splitlines(), 1)]
    filled = [(number, LIST_NUMBER.sub("", line)) for number, line in lines if line]
    if len(filled) > MOST_ROWS + 1:  # one more, as a table with a header may have
        raise ListTooLong(MOST_ROWS)
    return filled


def in_line(number: int, text: str, expected: Expectations) -> Iterator[ListedPerson | Unread]:
    """Read a line: the people in it, and what can't be read of it; never nothing.

    A phone number beside several addresses is nobody's for certain, so it is said to be unread.
    """
    rest, phones = _without_phones(text)
    found = list(addresses_in(rest))
    named = [_written_person(number, each, expected) for each in _with_name_after(rest, found) if each.address]
    yield from (Unread(row=number, text=each.text) for each in found if not each.address)
    if len(named) == 1:
        phone = value(Kind.PHONE, phones[0], expected) if phones else ""
        yield replace(named[0], phone=phone)
        yield from (Unread(row=number, text=each, is_phone=True) for each in phones if not phone)
    elif found:
        yield from named
        yield from (Unread(row=number, text=each) for each in phones)
    else:
        yield from _by_phones(number, text, expected)


def phone_in(text: str, expected: Expectations) -> str:
    """Return the phone number in a text, in its stored form; empty if there is none."""
    written = PHONE.search(text)
    return value(Kind.PHONE, written[0], expected) if written else ""


def unreadable(number: int, text: str) -> Unread:
    """Return what stands for a text by which nobody is known: a phone number that isn't understood, or anything."""
    return Unread(row=number, text=text, is_phone="@" not in text and _like_a_phone(text) is not None)


def _like_a_phone(text: str) -> re.Match[str] | None:
    """Find the first phone number, whether it is understood or not."""
    return next((each for each in PHONE.finditer(text) if sum(map(str.isdecimal, each[0])) >= FEWEST_DIGITS), None)


def _without_phones(text: str) -> tuple[str, list[str]]:
    """Return a line without its phone numbers, and these as they are written: the first one beside one address.

    Beside several, all with their plus sign; so that a long line costs no more than its letters.
    """
    if text.count("@") != 1:
        return INTERNATIONAL_PHONE.sub(" ", text), INTERNATIONAL_PHONE.findall(text)
    written = _like_a_phone(text)
    return (f"{text[: written.start()]} {text[written.end() :]}", [written[0]]) if written else (text, [])


def _with_name_after(text: str, found: Sequence[Found]) -> Sequence[Found]:
    """Give an address that is alone on its line, without a name before it, the name that comes after."""
    if len(found) != 1 or found[0].name:
        return found
    before, _, after = text.partition(found[0].text)
    name = after.strip(AROUND_NAMES)
    is_one = not before.strip(AROUND_NAMES) and are_names([name])
    return [replace(found[0], name=name)] if is_one else found


def _written_person(number: int, found: Found, expected: Expectations) -> ListedPerson:
    first, last = _split(found.name, expected)
    return ListedPerson(row=number, first_name=first, last_name=last, email=found.address or "")


def _by_phones(number: int, text: str, expected: Expectations) -> Iterator[ListedPerson | Unread]:
    """Read a line without addresses: one person with a phone number, or several, each with the name before it."""
    written = list(INTERNATIONAL_PHONE.finditer(text)) or list(PHONE.finditer(text))
    known = [(each, phone) for each in written if (phone := value(Kind.PHONE, each[0], expected))]
    pieces = _between(text, [each for each, _ in known])
    names, is_list = [piece for piece in pieces if piece], bool(pieces[0]) and not pieces[-1]
    if not known:
        yield unreadable(number, text)
    elif not names:
        yield from (ListedPerson(row=number, phone=phone) for _, phone in known)
    elif len(names) == 1 or len(known) == 1:
        yield _named(number, " ".join(names), known[0][1], expected)
    elif is_list:  # a number without a name is a further one of the person before
        named = zip(pieces, known, strict=False)
        yield from (_named(number, name, phone, expected) for name, (_, phone) in named if name)
    else:
        yield Unread(row=number, text=text)


def _between(text: str, found: Sequence[re.Match[str]]) -> list[str]:
    """Return what stands before each of these, and after the last."""
    starts, ends = [0, *(each.end() for each in found)], [*(each.start() for each in found), len(text)]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return [piece.lstrip(f"{BESIDE_PHONES})").rstrip(f"{BESIDE_PHONES}(") for piece in pieces]


def _named(number: int, name: str, phone: str, expected: Expectations) -> ListedPerson:
    first, last = _split(name, expected)
    return ListedPerson(row=number, first_name=first, last_name=last, phone=phone)


def _split(name: str, expected: Expectations) -> tuple[str, str]:
    return split_name(name, last_first=expected.swapped, swapped=expected.swapped)
