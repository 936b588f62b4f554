"""Addresses with names in a text that people wrote or pasted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain.addresses import LONGEST_ADDRESS, find_address
from core.domain.text import ROOM, narrow

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|(?P<break>[,;|\t])|(?P<opening>[(\[])|(?P<closing>[)\]])|(?P<word>[^\s,;|<>()\[\]"]+)'
)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
AROUND = "'‘’“”«»•·*–—-.:…`´!?"  # what stands around an address, and is no part of one
LIKE_AN_ADDRESS = re.compile(r"@|://|\w\.\w", re.ASCII)
GREETINGS = frozenset(
    ("hi", "hello", "hey", "dear", "привет", "здравствуйте", "уважаемая", "уважаемый", "hola", "estimada", "estimado")
)
SCHEME = re.compile(r"\Amailto:(?P<address>[^?]*).*\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A piece of a text: an `address` in its stored form, or None for what looks like one and is none.

    `text` is the piece as it was written, `name` what was written before the address.
    """

    text: str
    address: str | None
    name: str = ""


def address_in(cell: str) -> str | None:
    """Return the address that a cell consists of, whatever stands around it; None if it isn't just one."""
    if "@" not in cell and "\uff20" not in cell:
        return None
    found = [each for each in addresses_in(cell) if each.address or "@" in each.text]
    return found[0].address if len(found) == 1 and not found[0].name else None


def addresses_in(text: str) -> Iterator[Found]:
    """Find the addresses of one line, and the pieces that look like one and are none."""
    name = _Name()
    for token in TOKEN.finditer(INVISIBLE.sub(" ", narrow(text).replace("\u3002", "."))):
        piece = token["quoted"] or token["word"] or ""
        if LIKE_AN_ADDRESS.search(piece) and ("@" in piece or not token["quoted"]):
            yield _found(piece, name.written)
            name = _Name()
        elif piece.endswith(":"):  # a label such as `Cc:`
            name = _Name()
        elif token["break"]:
            name.begin_part(after=token["break"])
        elif word := piece.strip(AROUND):
            name.parts[-1].append(word)


class _Name:
    """The words before an address, in parts that separators divide: `Jane Doe;` ends with an empty one."""

    def __init__(self) -> None:
        self.parts: list[list[str]] = [[]]
        self._separators: list[str] = []

    def begin_part(self, *, after: str) -> None:
        """Go on with another part after a separator."""
        self.parts.append([])
        self._separators.append(after)

    @property
    def written(self) -> str:
        """The name: the last part that has words, with a last name before its comma, as in `Doe, Jane`."""
        parts, separators = self.parts, self._separators
        if not parts[-1]:
            parts, separators = parts[:-1], separators[:-1]
        if not parts:
            return ""
        is_in_two = len(parts) > 1 and separators[-1] == "," and _is_last_name(parts[-2]) and len(parts[-1]) == 1
        return ", ".join(" ".join(part) for part in (parts[-2:] if is_in_two else parts[-1:]))


def _is_last_name(words: Sequence[str]) -> bool:
    return len(words) == 1 and words[0].casefold() not in GREETINGS and not any(map(str.isdigit, words[0]))


def _found(piece: str, name: str) -> Found:
    text = SCHEME.sub(r"\g<address>", piece.strip(AROUND))[: ROOM * LONGEST_ADDRESS]
    return Found(text=piece, address=find_address(text.strip(AROUND)), name=name)
