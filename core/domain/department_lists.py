"""Pasted lists of departments: one a line, with slashes or indentation between the levels."""

import re

MOST_LISTED = 300  # departments that are added at a time
TAB, LEVEL = 4, 2  # columns; a line that is indented by less than a level isn't meant to be
DRAWN = str.maketrans(dict.fromkeys("│├└─┌┬╰|", " "))  # lines of a drawn tree stand for indentation
BULLET = re.compile(r"[-–—*•·▪◦]+\s+|\d+[.)]\s+")


def read_paths(text: str) -> list[str]:
    """Return the paths that a list means, each as it can be typed: names with slashes between the levels.

    A line that is indented further than one before it stands below that one. Bullets, numbers and the lines of a drawn
    tree are left out, and so are empty lines. What was read before is returned unchanged if it is read again.
    """
    return [path for _, path in read_rows(text)]


def read_rows(text: str) -> list[tuple[int, str]]:
    """Return the paths that a list means, as `read_paths` does, each with the number of its line (from 1)."""
    found: list[tuple[int, str]] = []
    above: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        columns = line.translate(DRAWN).expandtabs(TAB).replace("\u00a0", " ").rstrip()
        indented = columns.lstrip()
        if not (name := BULLET.sub("", indented, count=1).strip(" /")):
            continue
        depth = (len(columns) - len(indented)) // LEVEL
        while above and above[-1][0] >= depth:
            above.pop()
        path = f"{above[-1][1]} / {name}" if above else name
        above.append((depth, path))
        found.append((number, path))
    return found
