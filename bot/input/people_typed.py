"""People whom somebody types in a line, by their addresses or phone numbers."""

import re

from core.rosters.addresses_in_text import addresses_in
from core.rosters.reading import Expectations, phone_in

AND = re.compile(r"\s+(?:and|и|y|e|&)\s+", re.IGNORECASE)
TO = re.compile(r"^(?:a|to) (?=\S)", re.IGNORECASE)  # `recordar a Olga`
PARTS = re.compile(r'(?:"[^"]*"|[^,;])+')  # divided by what separates people, but not within a quoted name


def pieces_of(whom: str, expected: Expectations) -> dict[str, str | None]:
    """Return the pieces of a text, each with the address or the phone number by which it names somebody.

    A piece that has neither is a name, with None.
    """
    found = dict[str, str | None]()
    for part in filter(None, map(str.strip, PARTS.findall(whom))):
        addresses = {each.text: each.address for each in addresses_in(part)}
        phone = None if addresses else phone_in(part, expected)
        found |= addresses or ({part: phone} if phone else dict.fromkeys(TO.sub("", name) for name in AND.split(part)))
    return found
