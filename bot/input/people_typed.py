"""People whom somebody types in a line, by their addresses, phone numbers or names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.rosters.addresses_in_text import AROUND, addresses_in
from core.rosters.person_values import Expectations
from core.rosters.written_lines import phone_in

AND = re.compile(r"\s+(?:and|и|y|e|&)\s+")  # not the `E` of a name
TO = re.compile(r"^(?:a|to|to the) (?=\S)")  # `recordar a Olga`
PARTS = re.compile(r'(?:"[^"]*"|[^,;])+')  # divided by what separates people, but not within a quoted name


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Who was typed: pieces with the address or phone number in them, None if it is none, and names.

    A name has those that it joins if it isn't one, such as `olga and anna`, or itself alone.
    """

    known: Mapping[str, str | None]
    names: Mapping[str, tuple[str, ...]]


def people_typed(whom: str, expected: Expectations) -> Typed:
    """Read whom a line names."""
    known, names = dict[str, str | None](), dict[str, tuple[str, ...]]()
    for part in PARTS.findall(whom):
        pieces = [part] if '"' in part else AND.split(part)
        found = [_known(piece, expected) for piece in pieces]
        if any(found):
            known |= {text: by for each in found for text, by in each.items()}
            names |= {
                name: (name,) for piece, each in zip(pieces, found, strict=True) if not each for name in _one(piece)
            }
        elif name := _clean(part):
            names[name] = tuple(each for piece in pieces for each in _one(piece))
    return Typed(known=known, names=names)


def _known(piece: str, expected: Expectations) -> dict[str, str | None]:
    """Return the addresses of a piece, or else its phone number; none if it is a name."""
    if addresses := {each.text: each.address for each in addresses_in(piece)}:
        return {**addresses}
    phone = phone_in(piece, expected)
    return {piece.strip(): phone} if phone else {}


def _one(piece: str) -> list[str]:
    """Return the name of a piece, if it has one."""
    return [name] if (name := TO.sub("", _clean(piece))) else []


def _clean(name: str) -> str:
    return " ".join(re.split(r"[\s,;\"]+", name)).strip(AROUND + " ")
