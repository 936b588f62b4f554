"""Packs several numbers into the few bytes of a button's data."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from bot.input.arguments import StaleButton

LAST = "0123456789abcdefghijklmnopqrstuv"  # a number's last digit, of 32
OTHER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~!*"  # the digits before it, so that numbers need no separator
PACKED = re.compile(rf"(?:[{re.escape(OTHER)}]{{0,11}}[{LAST}])+")
ONE = re.compile(rf"[{re.escape(OTHER)}]*[{LAST}]")
TO_DIGITS = str.maketrans(OTHER, LAST)


def pack(numbers: Iterable[int]) -> str:
    """Pack whole numbers, sorted and without duplicates, as the differences between them."""
    ordered = [0, *sorted(set(numbers))]
    return "".join(_digits(after - before) for before, after in pairwise(ordered))


def unpack(text: str) -> Sequence[int]:
    """Unpack numbers. Raises StaleButton if `pack` does not write them like this."""
    if not PACKED.fullmatch(text):
        raise StaleButton
    numbers = tuple(accumulate(int(one.translate(TO_DIGITS), 32) for one in ONE.findall(text)))
    if pack(numbers) != text:
        raise StaleButton
    return numbers


def _digits(number: int) -> str:
    written = LAST[number % 32]
    while number := number // 32:
        written = OTHER[number % 32] + written
    return written
