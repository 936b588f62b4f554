"""What DATABASE_URL has to be. As in `core/setting_values.py`, no message contains what the value holds."""

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.database_options import (
    HIGHEST_PORT,
    POSTGRESQL,
    SQLITE,
    check_of_postgresql,
    check_of_sqlite,
    options_of,
)

NUL = "%00"
RESERVED = frozenset("/?#@ ")
HOST = re.compile(r"[A-Za-z0-9._:,/-]*")  # several, separated by commas; a folder with sockets


def check(url: str) -> str:
    """Check the URL; with PostgreSQL's full name. Raises ValueError."""
    parsed = _parse(url)
    name, _, driver = parsed.drivername.partition("+") if parsed else ("", "", "")
    if parsed is None or name not in ("sqlite", "postgresql", "postgres"):
        hint = _hint_for(url)
        message = f"isn't a database, like {SQLITE} or {POSTGRESQL}{hint}"
        raise ValueError(message)
    if driver:
        message = f"names a driver (after +); leave it out, as in {POSTGRESQL}"
        raise ValueError(message)
    if NUL in url:
        message = f"has {NUL}, a character that no name, password or option can have; leave it out"
        raise ValueError(message)
    if name == "sqlite":
        _check_file(url, parsed)
        return url
    _check_server(url, parsed)
    return url.replace("postgres://", "postgresql://", 1)


def file_of(url: str) -> Path | None:
    """Return the SQLite file of a checked URL; None for PostgreSQL."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.drivername == "sqlite" else None


def _parse(url: str) -> URL | None:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # its message would show the value
        return None


def _hint_for(url: str) -> str:
    if url.startswith("postgres"):
        return "; in a password, write %40 for @, %2F for /, %3F for ? and %23 for #; a port is a number"
    return "; it has three slashes, and four if the path begins at /" if url.startswith("sqlite") else ""


def _check_file(url: str, parsed: URL) -> None:
    name = parsed.database or ""
    if not url.startswith("sqlite:///") or name in ("", ":memory:") or name.startswith("file:"):
        message = f"isn't a database in a file, like {SQLITE}; it has three slashes, and four if the path begins at /"
    elif name.startswith("~"):
        message = "begins with ~, which only a shell replaces; write the whole path"
    elif fault := _fault_of_place(Path(name), is_folder=name.endswith("/")):
        message = fault
    else:
        check_of_sqlite(options_of(url))
        return
    raise ValueError(message)


def _fault_of_place(file: Path, *, is_folder: bool) -> str | None:
    """Say why no database can be in this place, whatever the rights there."""
    try:
        above = next((parent for parent in file.absolute().parents if parent.exists()), None)
        if is_folder or file.is_dir():
            return f"is a folder; name a file in it, like {SQLITE}"
        if above and not above.is_dir():
            return f"is below a file instead of a folder; name a file in a folder, like {SQLITE}"
        if file.exists() and not file.is_file():
            return f"is something else than a file; name a file, like {SQLITE}"
    except OSError as error:
        return f"is no path that can be used here: {error.strerror}"
    return None


def _check_server(url: str, parsed: URL) -> None:
    rest = url.partition("://")[2]
    credentials = (rest.partition("?")[0] if "@" in rest.partition("?")[0] else rest).rpartition("@")[0]
    if RESERVED & set(credentials) or " " in url:
        message = "has a character that must be encoded: %40 for @, %2F for /, %3F for ?, %23 for #, %20 for spaces"
    elif not HOST.fullmatch(parsed.host or ""):
        message = f"names no host that can exist; write it like {POSTGRESQL}"
    elif parsed.port is not None and not 0 < parsed.port <= HIGHEST_PORT:
        message = f"has a port that is none, which is a number from 1 to {HIGHEST_PORT}"
    elif "/" in (parsed.database or "") or "#" in rest:
        message = f"has more after the database's name; write it like {POSTGRESQL}"
    else:
        check_of_postgresql(parsed, options_of(url))
        return
    raise ValueError(message)
