"""What is wrong with the file of settings itself: lines that can't be parsed, and names that are almost ours."""

import io
import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream

ALMOST = 0.82  # similarity, from 0 to 1
LARGEST = 2**20  # bytes
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")  # of a setting of any program


def faults(file: Path, known: Collection[str]) -> list[str]:
    """Return a line for each fault, which never shows what the file holds but names of settings.

    Raises ValueError with one line or several if no setting can be read from the file. A file that is missing is
    none.
    """
    bindings = _read(file)
    broken = [each.original for each in bindings if each.error or _lacks_value(each, known)]
    if broken:
        raise ValueError("\n".join(f"{_place(file, each.line, each.string)}: {_BROKEN}" for each in broken))
    return [*_misspelt(file, bindings, known), *_repeated(file, bindings, known)]


_BROKEN = "can't be read; write NAME=value, and close every quote"


def _lacks_value(binding: Binding, known: Collection[str]) -> bool:
    """Return whether a line is a mere word, but no name of another program's setting.

    Docker takes the value of such a name from its own environment.
    """
    if binding.key is None or binding.value is not None:
        return False
    return binding.key.lower() in known or not NAME.fullmatch(binding.key)


def _read(file: Path) -> list[Binding]:
    try:
        if file.is_dir():
            message = f"{file}: is a folder instead of a file with lines like WEB_PORT=8080"
            raise ValueError(message)
        if not file.is_file():  # missing, or a pipe, which can be read only once
            return []
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        text = content.decode()
    except OSError as error:
        message = f"{file}: can't be read: {error.strerror}"
        raise ValueError(message) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{file}: line {line} isn't UTF-8; save the file as UTF-8"
        raise ValueError(message) from None
    if len(content) > LARGEST:
        message = f"{file}: is larger than a file of settings can be"
        raise ValueError(message)
    return list(parse_stream(io.StringIO(text, newline="")))


def _misspelt(file: Path, bindings: list[Binding], known: Collection[str]) -> list[str]:
    names = [name.upper() for name in known]
    found = []
    for binding in bindings:
        name = (binding.key or "").upper()
        if not name or name in names or not name.isprintable():
            continue
        if meant := get_close_matches(name.replace("-", "_"), names, n=1, cutoff=ALMOST):
            place = _place(file, binding.original.line, binding.original.string)
            found.append(f"{binding.key}: isn't a setting ({place}); did you mean {meant[0]}?")
    return found


def _repeated(file: Path, bindings: list[Binding], known: Collection[str]) -> list[str]:
    first: dict[str, Binding] = {}
    found = []
    for binding in bindings:
        if binding.key is None or binding.key.lower() not in known:
            continue
        before = first.setdefault(binding.key.upper(), binding)
        if before.value != binding.value:
            lines = " and ".join(str(_line(each.original.line, each.original.string)) for each in (before, binding))
            found.append(f"{binding.key.upper()}: is set twice in {file}, lines {lines}; keep one of them")
    return found


def _place(file: Path, line: int, original: str) -> str:
    return f"{file}, line {_line(line, original)}"


def _line(line: int, original: str) -> int:
    """Return the line of the text itself: what the parser returns may begin with empty lines."""
    return line + original[: len(original) - len(original.lstrip())].count("\n")
