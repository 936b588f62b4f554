"""People whom somebody types in a line, by their addresses or phone numbers."""

import re

from core.rosters.addresses_in_text import addresses_in
from core.rosters.reading import Expectations, phone_in

PARTS = re.compile(r'(?:"[^"]*"|[^,;])+')  # divided by what separates people, but not within a quoted name


def pieces_of(whom: str, expected: Expectations) -> dict[str, str | None]:
    """Return the pieces of a text, each with the address or the phone number by which it names somebody, if it does."""
    found = dict[str, str | None]()
    for part in filter(None, map(str.strip, PARTS.findall(whom))):
        addresses = {each.text: each.address for each in addresses_in(part)}
        found |= addresses or {part: phone_in(part, expected) or None}
    return found
